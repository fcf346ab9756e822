# NAME

What it is: one sentence, with the word that staff use (中文).

What it is not: the neighbour it is most easily taken for, and where that lives.

Events: `begun` (written to its own history), none sent upwards yet.

May call: kernel and store (floor FLOOR may call every strictly lower floor; add what you need to `Cargo.toml`).
