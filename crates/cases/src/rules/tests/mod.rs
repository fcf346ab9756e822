//! The rules, put to every state, and to thousands of random lives.

mod hearing;
mod later;
mod lives;
mod matters;
mod old;
mod reckoning;
mod sample;
mod table;
mod way;
mod word;
