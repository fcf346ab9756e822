[package]
name = "NAME"
version.workspace = true
edition.workspace = true
license.workspace = true
rust-version.workspace = true
publish = false

[package.metadata.house]
floor = FLOOR

[lints]
workspace = true

[dependencies]
kernel.workspace = true
store.workspace = true

[dev-dependencies]
harness.workspace = true
