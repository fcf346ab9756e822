//! The rules, put to every state, and to ten thousand random lives.

mod lives;
mod sample;
mod table;
mod way;
