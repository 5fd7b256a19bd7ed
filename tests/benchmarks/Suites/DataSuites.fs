namespace Vae.Benchmarks.Suites

open System.IO
open BenchmarkDotNet.Attributes
open Vae.Core

/// Digits that the library draws.
type DigitsSuite() =
    inherit Suite()

    [<Benchmark>]
    member _.Draw1000() = Digits.draw (Key.ofSeed 7) 1000

/// A folder of IDX files: 5,000 images of 28x28 pixels and their labels for training, and 1,000 for testing.
type IdxSuite() =
    inherit Suite()

    [<Params("plain", "gzip")>]
    member val Files = "" with get, set

    member val Folder = "" with get, set

    override this.Prepare() =
        this.Folder <- Directory.CreateTempSubdirectory("vae-idx-").FullName
        let ending = if this.Files = "gzip" then ".gz" else ""

        for prefix, count in [ "train", 5000; "t10k", 1000 ] do
            let drawn = Digits.draw (Key.ofSeed 7) count
            Idx.writeImages (Path.Combine(this.Folder, $"%s{prefix}-images-idx3-ubyte%s{ending}")) drawn
            Idx.writeLabels (Path.Combine(this.Folder, $"%s{prefix}-labels-idx1-ubyte%s{ending}")) drawn.Labels

    [<GlobalCleanup>]
    member this.Remove() = Directory.Delete(this.Folder, true)

    [<Benchmark>]
    member this.Load() = Idx.load this.Folder

/// Batches as training takes them: rows anywhere in the data, as float32.
type BatchSuite() =
    inherit Suite()

    let data = Digits.draw (Key.ofSeed 7) 10_000

    [<Params(128, 1024)>]
    member val Size = 0 with get, set

    member val Rows: int[] = [||] with get, set

    override this.Prepare() = this.Rows <- Array.truncate this.Size (Key.permutation data.Count (Key.ofSeed 1))

    [<Benchmark>]
    member this.Gather() = this.Scoped(fun () -> Data.gather Placement.float32 this.Rows data)

    [<Benchmark>]
    member _.OrderOfAnEpoch() = Key.permutation data.Count (Key.ofSeed 1)
