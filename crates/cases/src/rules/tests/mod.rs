//! The rules, put to every state, and to thousands of random lives.

mod fees;
mod hearing;
mod later;
mod lives;
mod matters;
mod old;
mod reckoning;
mod sample;
mod table;
mod tries;
mod way;
mod word;
