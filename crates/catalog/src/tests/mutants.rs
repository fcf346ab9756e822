//! 1,000 mutated packs: never a panic, always complaints or a valid pack.
