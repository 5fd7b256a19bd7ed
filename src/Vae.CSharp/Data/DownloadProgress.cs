using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>How far the download of one file has come.</summary>
/// <param name="File">Its name.</param>
/// <param name="Mirror">The address of the folder it comes from.</param>
/// <param name="Received">Bytes received.</param>
/// <param name="Length">Bytes of the whole file.</param>
public sealed record DownloadProgress(string File, string Mirror, long Received, long Length);

internal static class Downloads
{
    public static async Task<(DataSet Train, DataSet Test)> LoadAsync(
        Func<Core.DownloadOptions, CancellationToken, Task<Tuple<Core.Data, Core.Data>>> load,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var defaults = Core.Download.defaults;
        var tell = FuncConvert.FromAction<Core.DownloadProgress>(p =>
            progress?.Report(new(p.File, p.Mirror, p.Received, p.Length))
        );
        var options = new Core.DownloadOptions(defaults.Folder, defaults.Patience, tell);
        var (train, test) = await load(options, cancellationToken).ConfigureAwait(false);
        return (new(train), new(test));
    }
}
