namespace Vae.Core.Tests.Kernels

open Expecto
open Vae.Core

[<RequireQualifiedAccess>]
module internal Kernel =
    /// Skips a test on a processor on which the kernels are not used.
    let needed () =
        if not Tile.isFast then
            skiptest "this processor has no vectors of 512 bits"
