using System;
using System.Linq;

namespace VaeFunctional;

/// <summary>Tensors from numbers and numbers from tensors, in 64 bits on the CPU.</summary>
public static class TensorNumbers
{
    /// <summary>A vector of numbers, [n].</summary>
    public static Tensor Vector(params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Core.TensorModule.ofArray(Core.PlacementModule.float64, [values.Length], values);
    }

    /// <summary>A matrix of numbers, [rows, columns].</summary>
    public static Tensor Matrix(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        long[] shape = [values.GetLength(0), values.GetLength(1)];
        return Core.TensorModule.ofArray(Core.PlacementModule.float64, shape, [.. values.Cast<double>()]);
    }

    /// <summary>One number as a tensor of no dimensions.</summary>
    public static Tensor Scalar(double value) => Core.TensorModule.scalar(Core.PlacementModule.float64, value);

    /// <summary>The value of a tensor of one element.</summary>
    /// <exception cref="ArgumentException">The tensor does not have one element.</exception>
    public static double ToNumber(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.numel() == 1
            ? tensor.ToNumbers()[0]
            : throw new ArgumentException(
                $"tensor is of shape [{string.Join(", ", tensor.shape)}]; expected one number",
                nameof(tensor)
            );
    }

    /// <summary>The values, row by row.</summary>
    public static double[] ToNumbers(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Core.TensorModule.toArray(tensor);
    }
}
