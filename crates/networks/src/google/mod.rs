//! What YouTube and Google Business Profile have in common: how a refusal looks, how an account is
//! connected, and how Google proves that it is Google.

pub(crate) mod identity;
pub(crate) mod oauth;
pub(crate) mod refusal;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod vectors;
