//! Whether something may be said: the scene in which it is said, everything that it says, the guard's word
//! on it, and what the account and its network put in the way. The pages ask while a text is written, the
//! door asks when it is sent, and the sender asks again when it leaves; all of them ask here.

mod leaving;
mod obstacles;
mod operation;
pub mod prepared;
mod scene;
mod standing;
mod whole;

pub use leaving::{LastWord, stops};
pub use obstacles::{InTheWay, account, files, in_the_way, too_visible};
pub use operation::operation;
pub use scene::{Place, Scene, judge, stored};
pub use standing::{Standing, answered, parent_of};
pub use whole::{Placed, Whole, hash_of};
