//! What holds for every route, generated from the document: a route that no row of the
//! [`matrix`] names fails the tests.

mod every_route;
mod frame;
mod live;
mod matrix;
mod seed;
