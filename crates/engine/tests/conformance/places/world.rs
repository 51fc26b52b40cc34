//! The networks of the sandbox world.

use std::sync::Arc;

use bedside_engine::clock::Clock;
use bedside_networks::{Credentials, Oauth2, Secret, Session};
use bedside_sandbox::Running;
use bedside_sandbox::world::{Action, Fault, FaultKind, Kind, Network, SECRET, TOKEN, World, Write, spawn};
use serde_json::{Value, json};

use super::jetstream::Jetstream;
use crate::place::{Place, Said, Trouble, When};

/// How a network of the world is spoken to.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    pub network: Network,
    /// What people write.
    pub kind: Kind,
    /// Our own id and settings, from the ready line.
    pub account: fn(&Value) -> (Option<String>, Value),
    pub credentials: fn() -> Credentials,
}

struct Emulated {
    manner: Manner,
    clock: Clock,
    world: World,
    server: Running,
    /// Bluesky tells over another server.
    jetstream: Option<Jetstream>,
}

/// Opens the world, and in it this network.
pub async fn open(clock: Clock, manner: Manner) -> Box<dyn Place> {
    let told = clock.clone();
    let world = World::new(Arc::new(move || told.timestamp()), 7);
    let server = spawn(world.clone()).await.unwrap();
    let mut jetstream = None;
    if manner.network == Network::Bluesky {
        jetstream = Some(Jetstream::open().await);
    }
    Box::new(Emulated { manner, clock, world, server, jetstream })
}

/// The credentials of an application that was authorised.
pub fn application() -> Credentials {
    Credentials::Oauth2(Box::new(Oauth2 {
        client_id: "sandbox".into(),
        client_secret: Secret::new(SECRET),
        access_token: Secret::new(TOKEN),
        ..Oauth2::default()
    }))
}

/// A token.
pub fn token() -> Credentials {
    Credentials::Bearer { token: Secret::new(TOKEN) }
}

/// A handle and its app password, with which a session is yet to be begun.
pub fn session() -> Credentials {
    Credentials::Session(Box::new(Session {
        identifier: "elmstreet.example.org".into(),
        password: Secret::new(SECRET),
        ..Session::default()
    }))
}

/// An id of the ready line.
pub fn text(ready: &Value, field: &str) -> Option<String> {
    ready.get(field).and_then(Value::as_str).map(str::to_owned)
}

impl Emulated {
    fn on(&self) -> Write {
        Write::on(self.manner.network)
    }

    fn give(&self, write: &Write) -> Value {
        let name = self.manner.network.name();
        self.world.write(write).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn fault(&self, fault: Fault) {
        self.world.control.add_fault(Fault { network: Some(self.manner.network), ..fault }).unwrap();
    }
}

impl Place for Emulated {
    fn base(&self) -> String {
        self.server.base_url()
    }

    fn account(&self) -> (Option<String>, Value) {
        let ready = self.world.ready(&self.base());
        let (own, mut settings) = (self.manner.account)(&ready["networks"][self.manner.network.name()]);
        if let Some(jetstream) = &self.jetstream {
            settings["jetstream"] = jetstream.address().into();
        }
        (own, settings)
    }

    fn credentials(&self) -> Credentials {
        let mut credentials = (self.manner.credentials)();
        let ready = self.world.ready(&self.base());
        if let (Credentials::Oauth2(held), Some(app)) =
            (&mut credentials, text(&ready["networks"][self.manner.network.name()], "app"))
        {
            held.client_id = app;
        }
        credentials
    }

    fn write(&self, said: Said<'_>) -> String {
        let kind = match (self.manner.kind, said.answers) {
            (Kind::Mention, _) | (_, None) => self.manner.kind,
            (_, Some(_)) => Kind::Comment,
        };
        let written = self.give(&Write {
            kind,
            rating: (kind == Kind::Review).then_some(2),
            author: Some(said.author.to_owned()),
            text: Some(said.text.to_owned()),
            parent: said.answers.map(str::to_owned),
            ..self.on()
        });
        if let Some(jetstream) = &self.jetstream {
            jetstream.publish(&written, self.clock.now());
        }
        written["id"].as_str().unwrap().to_owned()
    }

    fn edit(&self, id: &str, text: &str) {
        let (id, text) = (Some(id.to_owned()), Some(text.to_owned()));
        self.give(&Write { kind: self.manner.kind, action: Action::Edit, id, text, ..self.on() });
    }

    fn delete(&self, id: &str) {
        let id = Some(id.to_owned());
        self.give(&Write { kind: self.manner.kind, action: Action::Delete, id, ..self.on() });
    }

    fn trouble(&self, trouble: Trouble, when: When) {
        let fault = match trouble {
            Trouble::TooMuch => Fault { retry_after: Some(900), ..Fault::next(FaultKind::RateLimited) },
            Trouble::Down => Fault { status: Some(503), ..Fault::next(FaultKind::Status) },
            Trouble::Malformed => Fault::next(FaultKind::Malformed),
            Trouble::Expired => Fault::next(FaultKind::TokenExpired),
            Trouble::Revoked => Fault::next(FaultKind::TokenRevoked),
        };
        self.fault(Fault { after: when.after, times: when.times, ..fault });
    }

    fn well(&self) {
        self.world.control.reset();
    }

    fn stutter(&self) {
        match &self.jetstream {
            Some(jetstream) => jetstream.stutter(),
            None => self.fault(Fault::next(FaultKind::WebhookTwice)),
        }
    }

    fn ring(&self) {
        // The hub of YouTube tells of videos.
        if self.manner.network == Network::Youtube {
            self.give(&Write { kind: Kind::Post, own: true, text: Some("Flu shots explained".into()), ..self.on() });
        }
    }

    fn told(&self) -> usize {
        // Mastodon answers once it has begun to listen to itself.
        let streams = self.world.control.log().iter().filter(|asked| asked.path.ends_with("/streaming/user")).count();
        self.world.hooks.subscriptions().len() + streams + self.jetstream.as_ref().map_or(0, Jetstream::listeners)
    }

    fn hang_up(&self) -> bool {
        self.jetstream.as_ref().map(Jetstream::hang_up).is_some()
    }

    fn webhook(&self, callback: &str, secret: &Secret) -> Value {
        json!({"network": self.manner.network, "url": callback, "verify_token": secret.expose()})
    }
}
