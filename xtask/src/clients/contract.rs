//! The specifications against which exchanges are held, and what has to be mended in a copy before the proxy can read them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::environment;
use crate::project::Project;

/// A specification, by the name of its file, and the requests of which it speaks.
#[derive(Debug, Clone, Copy)]
pub struct Contract {
    /// The file in the directory of specifications.
    pub file: &'static str,
    /// Whether it also says rightly what a client sends. The answers are what is ours.
    pub requests: bool,
    /// Which requests: a filter of mitmproxy.
    pub which: &'static str,
    /// Of which paths: a regular expression for their beginning.
    pub paths: &'static str,
}

/// The filter that every request passes.
pub const EVERY: &str = "~all";

impl Contract {
    /// A copy in `home` that the proxy can read; nothing where the directory has no such file.
    pub fn mended(self, specifications: &Path, home: &Path) -> Result<Option<PathBuf>> {
        let file = specifications.join(self.file);
        if !file.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let mended = match serde_json::from_str(&text) {
            Ok(mut specification) => {
                name_problems_only(&mut specification);
                allow_blank_problems(&mut specification);
                leave_sign_in_to_the_network(&mut specification);
                specification.to_string()
            }
            // The others are YAML.
            Err(_) => call_bearer_by_its_name(&text),
        };
        let copy = home.join(self.file);
        fs::write(&copy, mended)?;
        Ok(Some(copy))
    }
}

/// Where the networks' specifications lie: what `BEDSIDE_SPECS` names, else `shared/specs` beside the checkout. They are not
/// ours to give away, so the repository has none.
pub fn specifications(project: &Project) -> Option<PathBuf> {
    let named = environment::variable("BEDSIDE_SPECS").map(PathBuf::from);
    named.or_else(|| Some(project.root.parent()?.join("shared/specs"))).filter(|directory| directory.is_dir())
}

/// The proxy takes `application/problem+json` for `application/json` and then holds a problem against the other's schema.
/// Where a response may be either, only the problem is left.
fn name_problems_only(specification: &mut Value) {
    match specification {
        Value::Object(fields) => {
            if fields.contains_key("application/problem+json") {
                fields.remove("application/json");
            }
            fields.values_mut().for_each(name_problems_only);
        }
        Value::Array(items) => items.iter_mut().for_each(name_problems_only),
        _ => {}
    }
}

/// A problem without a type of its own is of the type `about:blank` (RFC 9457, 4.2.1); one of the two specifications of X
/// forgets it in its list.
fn allow_blank_problems(specification: &mut Value) {
    let Some(kinds) = specification.pointer_mut("/components/schemas/Problem/oneOf").and_then(Value::as_array_mut)
    else {
        return;
    };
    kinds.push(json!({
        "type": "object",
        "required": ["type", "title"],
        "properties": {
            "type": { "type": "string", "enum": ["about:blank"] },
            "title": { "type": "string" },
            "detail": { "type": "string" },
            "status": { "type": "integer" },
        },
    }));
}

/// The proxy cannot check a signature of OAuth 1.0a and refuses it. Who may do what, the network says itself.
fn leave_sign_in_to_the_network(specification: &mut Value) {
    let operations = specification
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|paths| paths.values_mut().filter_map(Value::as_object_mut).flat_map(|path| path.values_mut()));
    for operation in operations.filter_map(Value::as_object_mut) {
        operation.remove("security");
    }
    if let Some(all) = specification.as_object_mut() {
        all.remove("security");
    }
}

/// HTTP knows no scheme of authentication called `oauth2`: a token of OAuth 2.0 is a bearer token (RFC 6750).
fn call_bearer_by_its_name(specification: &str) -> String {
    specification.replace("scheme: oauth2\n", "scheme: bearer\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_apart_from_other_json() {
        let mut response = json!({ "default": { "content": {
            "application/json": { "schema": "error" },
            "application/problem+json": { "schema": "problem" },
        } }, "200": { "content": { "application/json": { "schema": "post" } } } });
        name_problems_only(&mut response);
        let expected = json!({
            "default": { "content": { "application/problem+json": { "schema": "problem" } } },
            "200": { "content": { "application/json": { "schema": "post" } } },
        });
        assert_eq!(response, expected);
    }

    #[test]
    fn a_problem_may_be_blank_where_kinds_are_listed() {
        let mut specification = json!({ "components": { "schemas": { "Problem": { "oneOf": [] } } } });
        allow_blank_problems(&mut specification);
        let kind = specification.pointer("/components/schemas/Problem/oneOf/0/properties/type/enum/0");
        assert_eq!(kind, Some(&json!("about:blank")));
        let mut other = json!({ "components": { "schemas": { "Problem": { "type": "object" } } } });
        let unchanged = other.clone();
        allow_blank_problems(&mut other);
        assert_eq!(other, unchanged);
    }

    #[test]
    fn who_may_do_what_is_not_the_proxys_to_say() {
        let mut specification = json!({
            "security": [{ "BearerToken": [] }],
            "paths": { "/2/tweets": { "post": { "security": [{ "UserToken": [] }], "responses": {} } } },
        });
        leave_sign_in_to_the_network(&mut specification);
        assert_eq!(specification, json!({ "paths": { "/2/tweets": { "post": { "responses": {} } } } }));
    }

    #[test]
    fn a_token_is_a_bearer_token() {
        let schemes = "securitySchemes:\n  oauth2:\n    type: http\n    scheme: oauth2\n";
        let expected = "securitySchemes:\n  oauth2:\n    type: http\n    scheme: bearer\n";
        assert_eq!(call_bearer_by_its_name(schemes), expected);
    }
}
