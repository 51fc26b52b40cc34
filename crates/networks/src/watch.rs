//! Watch terms: which of the things said in public are about us.

/// The organisation's watch terms, ready to be looked for.
#[derive(Debug, Default)]
pub struct Watch {}
