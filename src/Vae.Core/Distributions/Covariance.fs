namespace Vae.Core

open TorchSharp

/// Covariances and their Cholesky factors.
[<RequireQualifiedAccess>]
module internal Covariance =
    /// The lower triangular factor L of Sigma = L L', for covariances [batch..., k, k]. Refuses matrices that are not square,
    /// symmetric and positive definite: asymmetry up to rounding is allowed, and the lower half is what counts.
    let factor (covariance: Tensor) : Tensor =
        let name = nameof covariance
        Check.finite name covariance
        let _, square = Shape.splitLast (min 2 covariance.shape.Length) covariance.shape

        if square.Length < 2 || square[0] <> square[1] || square[0] < 1L then
            Check.refuse name $"of shape %s{Check.shape covariance.shape}" "[batch..., k, k], square matrices"

        Tensor.scoped (fun () ->
            let given = covariance.detach ()
            let rounding = if given.dtype = torch.ScalarType.Float64 then 1e-12 else 1e-5
            let scale = given.abs().amax([| -2L; -1L |], keepdim = true)
            let gap = (given - given.transpose (-1L, -2L)).abs()

            if not (gap.le(scale.mul (rounding.AsScalar())).all().isTrue()) then
                let largest = Check.number (Tensor.toFloat (gap.amax [||]))

                Check.refuse
                    name
                    $"a matrix of which a number and its mirror image differ by %s{largest}"
                    "symmetric matrices"

            let struct (_, failures) = torch.linalg.cholesky_ex given

            if failures.ne(0.0.AsScalar()).any().isTrue() then
                let least = Check.number (Tensor.toFloat ((torch.linalg.eigvalsh given).amin [||]))
                Check.refuse name $"a matrix with the eigenvalue %s{least}" "positive definite matrices"

            torch.linalg.cholesky covariance)
