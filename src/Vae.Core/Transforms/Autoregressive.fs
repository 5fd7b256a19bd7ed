namespace Vae.Core

open TorchSharp

/// Vectors one number after another: each is shifted and scaled by what a MADE network makes of the numbers before it.
module internal Autoregressive =
    /// One number of each vector from the shift and the log-scale that those before it give, in k passes of the network.
    let sequential (made: Made) (step: Tensor -> Tensor -> Tensor -> Tensor) (t: Tensor) : Tensor * Tensor =
        let number (t: Tensor) (i: int) = t.narrow (-1L, int64 i, 1L)
        let zeros = torch.zeros_like t

        let known, logScales =
            (([], []), [ 0 .. made.Size - 1 ])
            ||> List.fold (fun (known, logScales) i ->
                let rest = zeros.narrow (-1L, int64 i, int64 (made.Size - i))
                let soFar = torch.cat (List.toArray (List.rev (rest :: known)), -1L)
                let shift, logScale = made.Run soFar
                let next = step (number t i) (number shift i) (number logScale i)
                next :: known, number logScale i :: logScales)

        torch.cat (List.toArray (List.rev known), -1L), torch.cat(List.toArray logScales, -1L).sum -1L

/// y_i = shift_i + e^logScale_i x_i, where shift and log-scale come from y before i: the inverse, and so a density, takes
/// one pass of the network, forward takes k.
/// G. Papamakarios, T. Pavlakou and I. Murray, "Masked autoregressive flow for density estimation", 2017.
[<Sealed>]
type MaskedAutoregressiveTransform internal (made: Made) =
    inherit VectorTransform(int64 made.Size)

    /// The network.
    member _.Made = made

    override _.Name = "maskedAutoregressive"

    override _.MapWithSlope x = Autoregressive.sequential made (fun x shift logScale -> shift .+. logScale.exp () * x) x

    override _.BackWithSlope y =
        let shift, logScale = made.Run y
        (y - shift) * logScale.neg().exp(), logScale.sum(-1L).neg()

    override this.Map x = fst (this.MapWithSlope x)
    override this.Back y = fst (this.BackWithSlope y)

    /// The sum of the log-scales.
    override _.LogSlope(_, y) = (snd (made.Run y)).sum -1L

/// y_i = shift_i + e^logScale_i x_i, where shift and log-scale come from x before i: forward, and so a draw, takes one
/// pass of the network, the inverse takes k.
/// D. P. Kingma et al., "Improving variational inference with inverse autoregressive flow", 2016.
[<Sealed>]
type InverseAutoregressiveTransform internal (made: Made) =
    inherit VectorTransform(int64 made.Size)

    /// The network.
    member _.Made = made

    override _.Name = "inverseAutoregressive"

    override _.MapWithSlope x =
        let shift, logScale = made.Run x
        shift .+. logScale.exp () * x, logScale.sum -1L

    override _.BackWithSlope y =
        let x, slope =
            Autoregressive.sequential made (fun y shift logScale -> (y - shift) * logScale.neg().exp()) y

        x, slope.neg ()

    override this.Map x = fst (this.MapWithSlope x)
    override this.Back y = fst (this.BackWithSlope y)

    /// The sum of the log-scales.
    override _.LogSlope(x, _) = (snd (made.Run x)).sum -1L
