namespace Vae.Core

open System.Threading
open System.Threading.Tasks

/// A data set of four files, as published.
type private Published = { Name: string; Mirrors: string list; Files: RemoteFile list }

[<RequireQualifiedAccess>]
module private Published =
    let files entries =
        let names = [
            "train-images-idx3-ubyte.gz"
            "train-labels-idx1-ubyte.gz"
            "t10k-images-idx3-ubyte.gz"
            "t10k-labels-idx1-ubyte.gz"
        ]

        List.map2 (fun name (length, sha256) -> { Name = name; Length = length; Sha256 = sha256 }) names entries

    let load options cancellation set : Task<Data * Data> =
        task {
            let! folder = Download.fetch options set.Name set.Mirrors set.Files cancellation
            let called part = Data.rename $"%s{set.Name}-%s{part}"
            let train, test = Idx.loadAs PixelScale.GreyLevels folder
            return called "train" train, called "test" test
        }

    // On the thread pool: the caller may hold a thread that the download would want to come back to.
    let wait (loading: unit -> Task<Data * Data>) = Task.Run<Data * Data>(loading).GetAwaiter().GetResult()

/// MNIST: 60,000 and 10,000 handwritten digits of 28 x 28 grey levels.
/// Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", 1998.
[<RequireQualifiedAccess>]
module Mnist =
    let private published = {
        Name = "mnist"
        Mirrors = [
            "https://ossci-datasets.s3.amazonaws.com/mnist/"
            "https://storage.googleapis.com/cvdf-datasets/mnist/"
        ]
        Files =
            Published.files [
                9912422L, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
                28881L, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
                1648877L, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
                4542L, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
            ]
    }

    /// The train and test parts, downloaded once into the folder of the options.
    /// Raises DownloadException when the files are neither there nor to be had.
    let loadWith (options: DownloadOptions) (cancellation: CancellationToken) : Task<Data * Data> =
        Published.load options cancellation published

    /// The train and test parts, downloaded once into the user's cache folder.
    let load () : Data * Data = Published.wait (fun () -> loadWith Download.defaults CancellationToken.None)

/// Fashion-MNIST: MNIST's shape, with articles of clothing in ten classes.
/// H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747, 2017.
[<RequireQualifiedAccess>]
module FashionMnist =
    let private published = {
        Name = "fashion-mnist"
        Mirrors = [
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"
            "https://fashion-mnist.s3.eu-central-1.amazonaws.com/"
        ]
        Files =
            Published.files [
                26421880L, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
                29515L, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
                4422102L, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
                5148L, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
            ]
    }

    /// The train and test parts, downloaded once into the folder of the options.
    /// Raises DownloadException when the files are neither there nor to be had.
    let loadWith (options: DownloadOptions) (cancellation: CancellationToken) : Task<Data * Data> =
        Published.load options cancellation published

    /// The train and test parts, downloaded once into the user's cache folder.
    let load () : Data * Data = Published.wait (fun () -> loadWith Download.defaults CancellationToken.None)
