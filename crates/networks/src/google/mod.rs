//! What YouTube and Google Business Profile have in common: how a refusal looks, and how an account
//! is connected.

pub(crate) mod oauth;
pub(crate) mod refusal;
#[cfg(test)]
mod tests;
