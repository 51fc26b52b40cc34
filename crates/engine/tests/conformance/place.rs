//! The place where people write: what the stories ask of a network, whatever it is and however it speaks.

use bedside_engine::clock::Clock;
use bedside_networks::{Credentials, Secret};
use serde_json::Value;

/// What somebody says.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub author: &'a str,
    pub text: &'a str,
    /// The id of what is answered.
    pub answers: Option<&'a str>,
}

/// What goes wrong, in the words of no protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Too much was asked; come back in 900 seconds.
    TooMuch,
    /// The server cannot answer just now.
    Down,
    /// The answer is broken off, or is not what it claims to be.
    Malformed,
    /// What we sign in with is too old.
    Expired,
    /// What we sign in with was taken back.
    Revoked,
}

/// When something goes wrong.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// How many requests are answered before.
    pub after: u32,
    /// How many are not.
    pub times: u32,
}

/// The next request, and no other.
pub const NEXT: When = When { after: 0, times: 1 };

/// What waits to go wrong, in the order in which it was asked for.
#[derive(Debug, Default)]
pub struct Troubles(Vec<(Trouble, When)>);

impl Troubles {
    pub fn add(&mut self, trouble: Trouble, when: When) {
        self.0.push((trouble, when));
    }

    /// What goes wrong with this request.
    pub fn meet(&mut self) -> Option<Trouble> {
        let (trouble, when) = self.0.first_mut()?;
        if when.after > 0 {
            when.after -= 1;
            return None;
        }
        let trouble = *trouble;
        when.times -= 1;
        self.0.retain(|(_, when)| when.times > 0);
        Some(trouble)
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// A network with one account of ours, to which people write.
pub trait Place: Send + Sync {
    /// Where it listens.
    fn base(&self) -> String;
    /// Our own id there, and the settings of the account.
    fn account(&self) -> (Option<String>, Value);
    /// What we sign in with.
    fn credentials(&self) -> Credentials;
    /// Somebody writes; the id there.
    fn write(&self, said: Said<'_>) -> String;
    /// Somebody writes something else in its place.
    fn edit(&self, id: &str, text: &str);
    /// Somebody takes back what they wrote.
    fn delete(&self, id: &str);
    /// Something goes wrong.
    fn trouble(&self, trouble: Trouble, when: When);
    /// All is well again.
    fn well(&self);
    /// What it tells by itself next is told twice.
    fn stutter(&self) {
        unreachable!("nothing is told twice here");
    }
    /// Something happens that the network tells of, where it does not tell of what people write.
    fn ring(&self) {}
    /// How many are told by webhook or listen to its stream.
    fn told(&self) -> usize {
        0
    }
    /// Ends its streams behind what was told; whether it can.
    fn hang_up(&self) -> bool {
        false
    }
    /// The order to its control by which a webhook is registered, where our own request does not do that.
    fn webhook(&self, _callback: &str, _secret: &Secret) -> Value {
        unreachable!("nothing is told by webhook here")
    }
}

/// How a place is opened, at the time of a clock.
pub type Open = fn(Clock) -> futures_util::future::BoxFuture<'static, Box<dyn Place>>;
