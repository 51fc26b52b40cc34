//! Names of the model as the document shows them: each is an enum of exactly the model's names, so
//! that the typed client knows them and none can be forgotten here.

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Type};
use utoipa::openapi::{ArrayBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares a schema for an enum of the model that has `ALL` and `as_str`. Use it as
/// `#[schema(value_type = schema::Role)]`.
#[macro_export]
macro_rules! name_schemas {
    ($($(#[$doc:meta])* $name:ident = $model:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::schema::names(<$model>::ALL.iter().map(|name| name.as_str()))
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

/// The schema of a text that is one of these names.
pub fn names(names: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
}

fn pair(of: Type) -> RefOr<Schema> {
    let item = || Schema::Object(ObjectBuilder::new().schema_type(of.clone()).build());
    let items = [item(), item()];
    ArrayBuilder::new()
        .items(ArrayItems::False)
        .prefix_items(items)
        .min_items(Some(2))
        .max_items(Some(2))
        .build()
        .into()
}

/// From when to when on a day: `["08:00", "12:00"]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Range(pub String, pub String);

impl PartialSchema for Range {
    fn schema() -> RefOr<Schema> {
        pair(Type::String)
    }
}

impl ToSchema for Range {}

/// A piece of a text: start and end in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Span(pub usize, pub usize);

impl PartialSchema for Span {
    fn schema() -> RefOr<Schema> {
        pair(Type::Integer)
    }
}

impl ToSchema for Span {}

name_schemas! {
    /// A role.
    Role = bedside_model::role::Role;
    /// An action of the role matrix.
    Action = bedside_model::role::Action;
    /// What an organisation is.
    OrganisationKind = bedside_model::account::OrganisationKind;
    /// How the mail server is spoken to.
    SmtpTls = bedside_model::account::SmtpTls;
    /// What a clock counts.
    Basis = bedside_model::clock::Basis;
    /// Over what an alert is told.
    Channel = bedside_model::alert::Channel;
    /// What an alert is about.
    AlertClass = bedside_model::alert::AlertClass;
    /// Where an alert stands.
    AlertState = bedside_model::alert::AlertState;
    /// Where an account stands.
    AccountState = bedside_model::account::AccountState;
    /// Who can read a text.
    Visibility = bedside_model::network::Visibility;
    /// What a message is where it was written.
    MessageKind = bedside_model::network::MessageKind;
    /// Which way a message went.
    Direction = bedside_model::network::Direction;
    /// A kind of label.
    LabelKind = bedside_model::correction::LabelKind;
    /// What is said about a label.
    CorrectionAct = bedside_model::correction::Act;
}
