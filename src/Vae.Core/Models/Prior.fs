namespace Vae.Core

open TorchSharp

/// p(z): the law of the latent before any data.
type Prior = {
    Spec: PriorSpec
    /// The shape of one latent.
    LatentShape: int64[]
    Law: Learned<unit, Distribution>
}

[<RequireQualifiedAccess>]
module Prior =
    let private constant path (shape: int64[]) (value: Placement -> Tensor) : Parameter = {
        Path = path
        Shape = shape
        Trained = false
        Initial = fun place _ -> value place
    }

    /// The mean of every prior here.
    let private origin (shape: int64[]) =
        constant "prior.loc" shape (fun place -> torch.zeros (shape, dtype = place.DType, device = place.Device))

    /// The factor of a covariance, in float64. Refuses one that is not square, symmetric, and positive definite.
    let private cholesky (covariance: float[][]) =
        let k = covariance.Length
        let name = "covariance"

        if k = 0 || covariance |> Array.exists (fun row -> row.Length <> k) then
            let rows = covariance |> Array.map (fun row -> string row.Length) |> String.concat ", "
            Check.refuse name $"%d{k} rows of lengths [%s{rows}]" "a square matrix"

        let factor = Array2D.zeroCreate k k

        for i in 0 .. k - 1 do
            for j in 0..i do
                if covariance[i][j] <> covariance[j][i] then
                    let here, there = Check.number (covariance[i][j]), Check.number (covariance[j][i])
                    Check.refuse name $"%s{here} at (%d{i}, %d{j}) and %s{there} at (%d{j}, %d{i})" "a symmetric matrix"

                let mutable rest = covariance[i][j]

                for m in 0 .. j - 1 do
                    rest <- rest - factor[i, m] * factor[j, m]

                if i <> j then
                    factor[i, j] <- rest / factor[j, j]
                elif rest > 0.0 && System.Double.IsFinite rest then
                    factor[i, i] <- sqrt rest
                else
                    Check.refuse
                        name
                        $"with a squared pivot of %s{Check.number rest} at (%d{i}, %d{i})"
                        "a positive definite matrix"

        factor

    /// N(0, I).
    let standard (dimensions: int) : Prior =
        Check.atLeast 1 (nameof dimensions) dimensions
        let shape = [| int64 dimensions |]

        {
            Spec = PriorSpec.Standard dimensions
            LatentShape = shape
            Law = {
                Declared = [ origin shape ]
                Apply =
                    fun parameters _ () ->
                        let zero = parameters["prior.loc"]
                        Independent.create 1 (Normal.OfLogScale(zero, zero))
            }
        }

    /// N(0, covariance), by its Cholesky factor, from the rows of a symmetric positive definite matrix.
    let gaussian (covariance: float list list) : Prior =
        let factor = covariance |> List.map List.toArray |> List.toArray |> cholesky
        let k = int64 covariance.Length

        {
            Spec = PriorSpec.Gaussian covariance
            LatentShape = [| k |]
            Law = {
                Declared = [
                    origin [| k |]
                    constant "prior.scaleTril" [| k; k |] (fun place ->
                        Tensor.ofArray place [| k; k |] (factor |> Seq.cast<float> |> Seq.toArray))
                ]
                Apply =
                    fun parameters _ () ->
                        MultivariateNormal.OfParts(parameters["prior.loc"], parameters["prior.scaleTril"])
            }
        }

    /// A prior of one's own, which may have parameters that training moves.
    let custom name (latentShape: int64[]) (law: Learned<unit, Distribution>) : Prior = {
        Spec = PriorSpec.Custom name
        LatentShape = latentShape
        Law = law
    }
