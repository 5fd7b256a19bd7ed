using System;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>
/// Differentiation as functions on functions: <c>Diff.Grad(f, x)</c> is the gradient of f at x, and
/// <c>Diff.GradWithValue(f, x)</c> gives f(x) with it, from the same evaluation. Operators nest to any depth, and each level
/// differentiates by its own variable only.
/// </summary>
/// <remarks>
/// Scalars are tensors of no dimensions, vectors of one, of floating-point numbers. Tensors made inside f are disposed when
/// the operator returns. Another shape or type raises <see cref="ArgumentException"/>; what torch refuses to differentiate
/// raises <see cref="InvalidOperationException"/>; both name the operator.
/// </remarks>
public static class Diff
{
    /// <summary>f'(x), for f of a scalar with a value of any shape, which f' has too.</summary>
    public static Tensor Derivative(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.diff(Checked(f, x), x);

    /// <summary>f(x), and with it: f'(x), for f of a scalar with a value of any shape, which f' has too.</summary>
    public static (Tensor Value, Tensor Derivative) DerivativeWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fdiff(Checked(f, x), x).ToValueTuple();

    /// <summary>f''(x), for f of a scalar.</summary>
    public static Tensor SecondDerivative(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.diff2(Checked(f, x), x);

    /// <summary>f(x), and with it: f''(x), for f of a scalar.</summary>
    public static (Tensor Value, Tensor Derivative) SecondDerivativeWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fdiff2(Checked(f, x), x).ToValueTuple();

    /// <summary>The derivative of order n, at least 1, for f of a scalar.</summary>
    public static Tensor NthDerivative(int n, Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.diffn(Order(n), Checked(f, x), x);

    /// <summary>f(x), and with it: the derivative of order n, at least 1, for f of a scalar.</summary>
    public static (Tensor Value, Tensor Derivative) NthDerivativeWithValue(int n, Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fdiffn(Order(n), Checked(f, x), x).ToValueTuple();

    /// <summary>The gradient of a scalar-valued f of a vector; of a scalar argument it is <see cref="Derivative"/>.</summary>
    public static Tensor Grad(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.grad(Checked(f, x), x);

    /// <summary>f(x), and with it: the gradient of a scalar-valued f of a vector; of a scalar argument it is <see cref="Derivative"/>.</summary>
    public static (Tensor Value, Tensor Gradient) GradWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fgrad(Checked(f, x), x).ToValueTuple();

    /// <summary>The derivative along v, grad f(x) . v, of a scalar-valued f of a vector.</summary>
    public static Tensor GradV(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.gradv(Checked(f, x), x, Given(v));

    /// <summary>f(x), and with it: the derivative along v, grad f(x) . v, of a scalar-valued f of a vector.</summary>
    public static (Tensor Value, Tensor Derivative) GradVWithValue(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.fgradv(Checked(f, x), x, Given(v)).ToValueTuple();

    /// <summary>The Hessian [n, n] of a scalar-valued f of a vector.</summary>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.hessian(Checked(f, x), x);

    /// <summary>f(x), and with it: the Hessian [n, n] of a scalar-valued f of a vector.</summary>
    public static (Tensor Value, Tensor Hessian) HessianWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fhessian(Checked(f, x), x).ToValueTuple();

    /// <summary>The Hessian times v, [n], of a scalar-valued f of a vector, without the Hessian.</summary>
    public static Tensor HessianV(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.hessianv(Checked(f, x), x, Given(v));

    /// <summary>f(x), and with it: the Hessian times v, [n], of a scalar-valued f of a vector, without the Hessian.</summary>
    public static (Tensor Value, Tensor Product) HessianVWithValue(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.fhessianv(Checked(f, x), x, Given(v)).ToValueTuple();

    /// <summary>The Laplacian, the trace of the Hessian, of a scalar-valued f of a vector.</summary>
    public static Tensor Laplacian(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.laplacian(Checked(f, x), x);

    /// <summary>f(x), and with it: the Laplacian, the trace of the Hessian, of a scalar-valued f of a vector.</summary>
    public static (Tensor Value, Tensor Laplacian) LaplacianWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.flaplacian(Checked(f, x), x).ToValueTuple();

    /// <summary>The Jacobian [m, n], whose row i is the gradient of entry i, of f from vectors [n] to vectors [m].</summary>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.jacobian(Checked(f, x), x);

    /// <summary>f(x), and with it: the Jacobian [m, n], whose row i is the gradient of entry i, of f from vectors [n] to vectors [m].</summary>
    public static (Tensor Value, Tensor Jacobian) JacobianWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fjacobian(Checked(f, x), x).ToValueTuple();

    /// <summary>The Jacobian times v: [m], from v [n], for f from vectors to vectors.</summary>
    public static Tensor JacobianV(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.jacobianv(Checked(f, x), x, Given(v));

    /// <summary>f(x), and with it: the Jacobian times v: [m], from v [n], for f from vectors to vectors.</summary>
    public static (Tensor Value, Tensor Product) JacobianVWithValue(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.fjacobianv(Checked(f, x), x, Given(v)).ToValueTuple();

    /// <summary>The transposed Jacobian times v: [n], from v of the shape of f(x), a vector or a scalar.</summary>
    public static Tensor JacobianTV(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.jacobianTv(Checked(f, x), x, Given(v));

    /// <summary>f(x), and with it: the transposed Jacobian times v: [n], from v of the shape of f(x), a vector or a scalar.</summary>
    public static (Tensor Value, Tensor Product) JacobianTVWithValue(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.fjacobianTv(Checked(f, x), x, Given(v)).ToValueTuple();

    /// <summary>The curl (J21 - J12, J02 - J20, J10 - J01) of f from [3] to [3].</summary>
    public static Tensor Curl(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.curl(Checked(f, x), x);

    /// <summary>f(x), and with it: the curl (J21 - J12, J02 - J20, J10 - J01) of f from [3] to [3].</summary>
    public static (Tensor Value, Tensor Curl) CurlWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fcurl(Checked(f, x), x).ToValueTuple();

    /// <summary>The divergence, the trace of the Jacobian, of f from [n] to [n].</summary>
    public static Tensor Divergence(Func<Tensor, Tensor> f, Tensor x) => Core.Diff.divergence(Checked(f, x), x);

    /// <summary>f(x), and with it: the divergence, the trace of the Jacobian, of f from [n] to [n].</summary>
    public static (Tensor Value, Tensor Divergence) DivergenceWithValue(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.fdivergence(Checked(f, x), x).ToValueTuple();

    /// <summary>The gradient [n] and the Hessian [n, n] of a scalar-valued f of a vector.</summary>
    public static (Tensor Gradient, Tensor Hessian) GradHessian(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.gradhessian(Checked(f, x), x).ToValueTuple();

    /// <summary>f(x), and with it: the gradient [n] and the Hessian [n, n] of a scalar-valued f of a vector.</summary>
    public static (Tensor Value, Tensor Gradient, Tensor Hessian) GradHessianWithValue(
        Func<Tensor, Tensor> f,
        Tensor x
    ) => Core.Diff.fgradhessian(Checked(f, x), x).ToValueTuple();

    /// <summary>grad f(x) . v and the Hessian times v, [n], of a scalar-valued f of a vector, without the Hessian.</summary>
    public static (Tensor Derivative, Tensor Product) GradHessianV(Func<Tensor, Tensor> f, Tensor x, Tensor v) =>
        Core.Diff.gradhessianv(Checked(f, x), x, Given(v)).ToValueTuple();

    /// <summary>f(x), and with it: grad f(x) . v and the Hessian times v, [n], of a scalar-valued f of a vector, without the Hessian.</summary>
    public static (Tensor Value, Tensor Derivative, Tensor Product) GradHessianVWithValue(
        Func<Tensor, Tensor> f,
        Tensor x,
        Tensor v
    ) => Core.Diff.fgradhessianv(Checked(f, x), x, Given(v)).ToValueTuple();

    /// <summary>The curl and the divergence of f from [3] to [3].</summary>
    public static (Tensor Curl, Tensor Divergence) CurlDivergence(Func<Tensor, Tensor> f, Tensor x) =>
        Core.Diff.curldivergence(Checked(f, x), x).ToValueTuple();

    /// <summary>f(x), and with it: the curl and the divergence of f from [3] to [3].</summary>
    public static (Tensor Value, Tensor Curl, Tensor Divergence) CurlDivergenceWithValue(
        Func<Tensor, Tensor> f,
        Tensor x
    ) => Core.Diff.fcurldivergence(Checked(f, x), x).ToValueTuple();

    private static FSharpFunc<Tensor, Tensor> Checked(Func<Tensor, Tensor> f, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        return f.ToCore();
    }

    private static int Order(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return n;
    }

    private static Tensor Given(Tensor v)
    {
        ArgumentNullException.ThrowIfNull(v);
        return v;
    }
}
