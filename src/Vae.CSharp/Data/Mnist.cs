using System;
using System.Threading;
using System.Threading.Tasks;

namespace VaeFunctional;

/// <summary>
/// MNIST: 60,000 and 10,000 handwritten digits of 28 x 28 grey levels (LeCun, Bottou, Bengio and Haffner, 1998).
/// </summary>
public static class Mnist
{
    /// <summary>The train and test parts, downloaded once into the user's cache folder and checked by their hashes.</summary>
    /// <param name="progress">Told after every piece received.</param>
    /// <param name="cancellationToken">Ends the download, which then goes on from there the next time.</param>
    /// <exception cref="Core.DownloadException">The files are neither there nor to be had.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public static Task<(DataSet Train, DataSet Test)> LoadAsync(
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => Downloads.LoadAsync(Core.Mnist.loadWith, progress, cancellationToken);
}
