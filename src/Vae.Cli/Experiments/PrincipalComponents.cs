using System.Linq;
using static TorchSharp.torch;

namespace VaeFunctional.Cli.Experiments;

/// <summary>Points of many dimensions as they are seen along the two directions of their greatest spread.</summary>
internal static class PrincipalComponents
{
    /// <summary>The first two components of each point, and the share of all variance that they hold.</summary>
    public static (float[][] Points, double Share) Of(float[][] points)
    {
        using var scope = NewDisposeScope();
        var x = tensor(points.SelectMany(point => point).ToArray()).reshape(points.Length, points[0].Length);
        var centred = (x - x.mean([0])).to_type(ScalarType.Float64);
        var (values, vectors) = linalg.eigh(centred.t().matmul(centred));
        // In ascending order.
        var size = values.shape[0];
        var first = vectors.narrow(1, size - 2, 2).flip(1);
        var seen = centred.matmul(first).to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
        var share = values.narrow(0, size - 2, 2).sum().item<double>() / values.sum().item<double>();
        return ([.. seen.Chunk(2)], share);
    }
}
