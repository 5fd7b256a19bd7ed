namespace Vae.Core

/// What the constructor of a law asks of its parameters. Each raises an ArgumentException that names the parameter, what was
/// found and what was expected.
[<RequireQualifiedAccess>]
module Parameters =
    /// Finite floating-point numbers.
    let finite (name: string) (t: Tensor) = Check.finite name t

    /// Positive finite numbers.
    let positive (name: string) (t: Tensor) = Check.positive name t

    /// Two parameters brought to their common shape. Refuses two precisions, two devices, and shapes that do not broadcast.
    let together (firstName: string, first: Tensor) (secondName: string, second: Tensor) =
        together firstName first secondName second
