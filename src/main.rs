//! The program. Everything is in the library, so that tests see it.

fn main() -> std::process::ExitCode {
    vestnik::cli::main()
}
