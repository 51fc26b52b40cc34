//! A WordPress site.

use std::sync::Arc;

use bedside_engine::clock::Clock;
use bedside_networks::{Credentials, Secret};
use bedside_sandbox::blog::{self, Blog, WriteComment};
use bedside_sandbox::{Fault, Running};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::place::{Place, Said, Trouble, When};

struct Site {
    blog: Blog,
    server: Running,
}

/// Opens the site.
pub fn open(clock: Clock) -> BoxFuture<'static, Box<dyn Place>> {
    Box::pin(async move {
        let blog = Blog::new("Lakeside Health", Arc::new(move || clock.timestamp()));
        let server = blog::spawn(blog.clone()).await.unwrap();
        Box::new(Site { blog, server }) as Box<dyn Place>
    })
}

fn id(text: &str) -> u64 {
    text.parse().unwrap()
}

impl Site {
    fn give(&self, write: WriteComment) -> String {
        self.blog.write(write).unwrap().expect("what is named is there").id.to_string()
    }
}

impl Place for Site {
    fn base(&self) -> String {
        self.server.base_url()
    }

    fn account(&self) -> (Option<String>, Value) {
        (Some(blog::USER_ID.to_string()), json!({}))
    }

    fn credentials(&self) -> Credentials {
        Credentials::Basic { user: blog::USER.into(), password: Secret::new(blog::PASSWORD) }
    }

    fn write(&self, said: Said<'_>) -> String {
        let (author, text) = (said.author.to_owned(), said.text.to_owned());
        self.give(WriteComment { author, text, parent: said.answers.map(id), ..WriteComment::default() })
    }

    fn edit(&self, native_id: &str, text: &str) {
        self.give(WriteComment { id: Some(id(native_id)), text: text.to_owned(), ..WriteComment::default() });
    }

    fn delete(&self, native_id: &str) {
        assert!(self.blog.delete(id(native_id), true).unwrap(), "it is there");
    }

    fn trouble(&self, trouble: Trouble, When { after, times }: When) {
        let status = |status| Fault { after, times, ..Fault::status(status) };
        let fault = match trouble {
            Trouble::TooMuch => Fault { retry_after: Some(900), ..status(429) },
            Trouble::Down => status(503),
            Trouble::Malformed => Fault { cut: true, ..status(200) },
            Trouble::Revoked => return self.blog.forget_password(true),
            Trouble::Expired => unreachable!("an application password has no end"),
        };
        self.blog.control.add_fault(fault);
    }

    fn well(&self) {
        self.blog.control.reset();
        self.blog.forget_password(false);
    }
}
