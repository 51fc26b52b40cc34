//! The room `networks`.
