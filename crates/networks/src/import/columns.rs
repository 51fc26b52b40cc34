//! Which column is what.

use serde::{Deserialize, Serialize};

/// The names of the columns; in JSON lines a name may be a path such as `user.name`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnMap {
    /// What was written.
    pub text: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub date: Option<String>,
    /// How many stars, on whatever scale.
    pub rating: Option<String>,
    /// The id it has on its network.
    pub id: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// A title of its own.
    pub title: Option<String>,
}

/// Names under which exports are known to write each thing, the surest first.
const NAMES: [(&str, &[&str]); 7] = [
    ("id", &["id", "reviewid", "commentid", "messageid", "uuid", "guid", "nativeid"]),
    (
        "text",
        &[
            "text",
            "comment",
            "review",
            "reviewtext",
            "commenttext",
            "message",
            "content",
            "body",
            "feedback",
            "description",
            "reviewbody",
            "comments",
            "freetext",
            "answer",
        ],
    ),
    (
        "author",
        &[
            "author",
            "authorname",
            "reviewer",
            "reviewername",
            "user",
            "username",
            "name",
            "displayname",
            "from",
            "customer",
            "person",
        ],
    ),
    (
        "date",
        &[
            "date",
            "createdat",
            "created",
            "createtime",
            "publishedat",
            "published",
            "timestamp",
            "time",
            "datetime",
            "reviewdate",
            "commentdate",
            "postedat",
            "submitted",
            "datepublished",
        ],
    ),
    ("rating", &["rating", "stars", "starrating", "score", "reviewrating", "ratingvalue", "overallrating"]),
    ("url", &["url", "link", "permalink", "reviewurl", "href", "address"]),
    ("title", &["title", "subject", "headline", "heading", "reviewtitle"]),
];

/// Proposes a map from the names of the columns. Each column is used once.
pub fn guess_columns(headers: &[String]) -> ColumnMap {
    let plain: Vec<String> = headers
        .iter()
        .map(|name| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect())
        .collect();
    let mut used = vec![false; headers.len()];
    let mut map = ColumnMap::default();
    for (what, names) in NAMES {
        let found = names.iter().find_map(|name| (0..plain.len()).find(|&at| !used[at] && plain[at] == **name));
        let Some(at) = found else { continue };
        used[at] = true;
        let column = Some(headers[at].clone());
        match what {
            "id" => map.id = column,
            "text" => map.text = column,
            "author" => map.author = column,
            "date" => map.date = column,
            "rating" => map.rating = column,
            "url" => map.url = column,
            _ => map.title = column,
        }
    }
    map
}
