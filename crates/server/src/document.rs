//! The OpenAPI document: what holds for all operations is added here once.

use axum::response::IntoResponse;
use http::header;
use utoipa::OpenApi as Derive;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Content, ObjectBuilder, OpenApi, Ref, Required, ResponseBuilder, Type};

use crate::problem::ProblemBody;
use crate::signed_in::COOKIE;

/// The head of the document.
#[derive(Debug, Derive)]
#[openapi(
    info(title = "Bedside", description = "Bedside manner for social media. Conventions: docs/api.md.", license(name = "Apache-2.0")),
    components(schemas(ProblemBody)),
    tags(
        (name = "trust", description = "Identity, roles, audit, settings, alerts"),
        (name = "listen", description = "Accounts, sources, imports"),
        (name = "understand", description = "What a text says"),
        (name = "answer", description = "Conversations, drafts, the door out, cases"),
        (name = "publish", description = "Posts"),
        (name = "live", description = "What changes, as it changes"),
    )
)]
pub(crate) struct Head;

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
        ("put", &mut item.put),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// Adds to every operation that it may answer with a problem, and to those that ask for it the
/// `Idempotency-Key`.
pub(crate) fn finish(mut api: OpenApi) -> OpenApi {
    let problem = ResponseBuilder::new()
        .description("What went wrong")
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build();
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            operation.responses.responses.insert("default".to_owned(), problem.clone().into());
            if method == "post" && !crate::idempotency::EXEMPT.contains(&path.as_str()) {
                let key = ParameterBuilder::new()
                    .name("Idempotency-Key")
                    .parameter_in(ParameterIn::Header)
                    // Demanded; not marked so because a client adds it to every call in one place.
                    .required(Required::False)
                    .description(Some("Demanded: 1 to 200 characters, the same for each attempt of one decision."))
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
                    .build();
                operation.parameters.get_or_insert_default().push(key);
            }
        }
    }
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    api.components.get_or_insert_default().add_security_scheme("session", cookie);
    api
}

/// `GET /api/v1/openapi.json`.
pub(crate) async fn serve() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text())
}

/// The document as it is kept in `crates/server/openapi.json` and printed by `bedside openapi`.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&crate::openapi()).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    /// A type that a schema names but nobody declared would leave the client with `unknown`.
    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &serde_json::Value, found: &mut Vec<String>) {
            match value {
                serde_json::Value::Object(map) => {
                    for (key, value) in map {
                        match (key.as_str(), value.as_str()) {
                            ("$ref", Some(to)) => found.push(to.to_owned()),
                            _ => references(value, found),
                        }
                    }
                }
                serde_json::Value::Array(list) => list.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document: serde_json::Value = serde_json::from_str(&super::text()).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 100);
        found.retain(|to| document.pointer(to.trim_start_matches('#')).is_none());
        assert!(found.is_empty(), "these lead nowhere: {found:?}");
    }

    /// The file from which the client of the pages is generated. A change of the API shows in it.
    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the switch that writes the snapshot anew comes from whoever runs the test"
    )]
    fn the_document_is_the_one_that_is_kept() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let now = super::text();
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(path, &now).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == now,
            "the API changed: run `UPDATE_OPENAPI=1 cargo test -p bedside-server`, then generate the client"
        );
    }
}
