using System;
using System.Threading;
using System.Threading.Tasks;

namespace VaeFunctional;

/// <summary>
/// Fashion-MNIST: MNIST's shape, with articles of clothing in ten classes (Xiao, Rasul and Vollgraf, arXiv:1708.07747).
/// </summary>
public static class FashionMnist
{
    /// <summary>The train and test parts, downloaded once into the user's cache folder and checked by their hashes.</summary>
    /// <param name="progress">Told after every piece received.</param>
    /// <param name="cancellationToken">Ends the download, which then goes on from there the next time.</param>
    /// <exception cref="Core.DownloadException">The files are neither there nor to be had.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public static Task<(DataSet Train, DataSet Test)> LoadAsync(
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => Downloads.LoadAsync(Core.FashionMnist.loadWith, progress, cancellationToken);
}
