//! Links what stack/stack.s exports, and finds out whether the crate has to define `_initialize`.
//!
//! Up to some release of 2026 Rust links a `cdylib` for WASI without it; later ones add their own,
//! and two of them do not link. So an empty `cdylib` is linked, as the plugin will be, and read.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=RUSTFLAGS");
    let is_wasm = env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32");
    if is_wasm {
        let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
        println!("cargo:rustc-link-search=native={}/stack", folder);
        println!("cargo:rustc-link-lib=static=plugin_stack");
        println!("cargo:rerun-if-changed=stack");
        if !links_initialize() {
            println!("cargo:rustc-cfg=defines_initialize");
        }
    }
}

fn links_initialize() -> bool {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let module = folder.join("empty.wasm");
    if !link_empty(&folder.join("empty.rs"), &module) {
        // Where nothing links, as in `cargo check` without a linker, either answer does.
        return false;
    }
    let bytes = fs::read(module).expect("rustc wrote the module");
    // As an export stands in a module: the name behind its length, then 0 for a function.
    let export = b"\x0b_initialize\0";
    bytes.windows(export.len()).any(|window| window == export)
}

fn link_empty(source: &Path, module: &Path) -> bool {
    fs::write(source, "").expect("OUT_DIR is writable");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let mut rustc = Command::new(env::var_os("RUSTC").expect("cargo sets RUSTC"));
    rustc.args(["--edition", "2021", "--crate-type", "cdylib", "--target"]);
    rustc.arg(env::var_os("TARGET").expect("cargo sets TARGET"));
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc
            .arg("-C")
            .arg(format!("linker={}", linker.to_string_lossy()));
    }
    rustc.arg("-o").arg(module).arg(source);
    rustc
        .output()
        .map_or(false, |output| output.status.success())
}
