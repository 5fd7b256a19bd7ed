/// Everything that reads what a stranger may have made.
module Vae.Core.Tests.Fuzzing.Readers

open System
open System.IO
open System.IO.Compression
open System.Text
open TorchSharp
open Vae.Core

/// A reader, with sound files for it: changes of these are what it is tried on.
type Reader = {
    Name: string
    /// Whole files.
    Sound: Lazy<byte[] list>
    Change: Random -> byte[] -> byte[]
    /// Reads a file, in a folder of its own.
    Read: string -> unit
    /// The exceptions that it documents.
    Refuses: exn -> bool
}

let private isStorage (error: exn) = error :? StorageException
let private isData (error: exn) = error :? DataFormatException

/// A model of every kind of layer that a file has a name for.
let private model =
    lazy
        (let encoder =
            Net.conv2d 2 3 2
            --> Net.activation Activation.LeakyRelu
            --> Net.groupNorm 2
            --> Net.flatten
            --> Net.residual (Net.dense 8 --> Net.tanh)
            --> Net.dropout 0.25

         Vae.create
             (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
             (Posterior.diagonalNormal encoder)
             (Likelihood.gaussian
                 0.5
                 (Net.dense 4 --> Net.relu --> Net.reshape [ 1; 2; 2 ] --> Net.convTranspose2d 1 3 2)))

/// The files of a run of it, and a checkpoint.
let private files =
    lazy
        (let folder = Directory.CreateTempSubdirectory("vae-fuzz-").FullName
         let data = Data.ofFloats "waves" [| 1L; 4L; 4L |] [||] (Array.init (16 * 12) (float32 >> sin))

         let options = {
             TrainingOptions.defaults with
                 Epochs = 2
                 BatchSize = 5
                 Validation = Some data
                 Patience = Some 2
         }

         try
             let at name = Path.Combine(folder, name)

             for report in
                 Training.start options data model.Value
                 |> Training.reports Objective.elbo (Optimizer.adam 1e-3)
                 |> Seq.take 5 do
                 use snapshot = report.Snapshot()
                 Checkpoint.write (at "checkpoint.safetensors") snapshot

             Training.start options data model.Value
             |> Training.fit Objective.elbo (Optimizer.adam 1e-3)
             |> Saved.save folder

             let read name = File.ReadAllBytes(at name)
             read "model.json", read "model.safetensors", read "checkpoint.safetensors"
         finally
             Directory.Delete(folder, true))

/// What a run's reports are written to, as a run that goes on reads it.
let private watched =
    lazy
        (let folder = Directory.CreateTempSubdirectory("vae-fuzz-").FullName
         let data = Data.ofFloats "waves" [| 1L; 4L; 4L |] [||] (Array.init (16 * 12) (float32 >> sin))

         let options = {
             TrainingOptions.defaults with
                 Epochs = 3
                 BatchSize = 5
                 Validation = Some data
         }

         try
             let log = Path.Combine(folder, "log.csv")
             let rows, events = TrainingLog.csvOfSteps log, TensorBoard.events (Path.Combine(folder, "events"))

             Training.start options data model.Value
             |> Training.fitWith
                 (fun report ->
                     rows report
                     events report)
                 Objective.elbo
                 (Optimizer.adam 1e-3)
             |> fun run -> (run.Params :> IDisposable).Dispose()

             let event = Directory.GetFiles(Path.Combine(folder, "events")) |> Array.exactlyOne
             File.ReadAllBytes log, File.ReadAllBytes event
         finally
             Directory.Delete(folder, true))

let private description = lazy (let json, _, _ = files.Value in [ json ])
let private parameters = lazy (let _, tensors, _ = files.Value in [ tensors ])
let private checkpoint = lazy (let _, _, state = files.Value in [ state ])

let private tensors =
    lazy
        (let path = Path.GetTempFileName()
         use _ = torch.NewDisposeScope()

         let dtypes = [
             torch.ScalarType.Float64
             torch.ScalarType.BFloat16
             torch.ScalarType.Int64
             torch.ScalarType.Byte
         ]

         let some = [ for i, dtype in List.indexed dtypes -> $"t%d{i}", torch.ones ([| 2L; int64 i |], dtype = dtype) ]
         Safetensors.write path [ "made by", "é"; "model", "a text" ] some
         let bytes = File.ReadAllBytes path
         File.Delete path
         [ bytes ])

let private gzipped (bytes: byte[]) =
    use buffer = new MemoryStream()

    do
        use stream = new GZipStream(buffer, CompressionLevel.Fastest)
        stream.Write(bytes, 0, bytes.Length)

    buffer.ToArray()

let private idx = [|
    yield! [| 0uy; 0uy; 8uy; 3uy; 0uy; 0uy; 0uy; 2uy; 0uy; 0uy; 0uy; 3uy; 0uy; 0uy; 0uy; 4uy |]
    yield! Array.init 24 byte
|]

let private labels = [| yield! [| 0uy; 0uy; 8uy; 1uy; 0uy; 0uy; 0uy; 5uy |]; yield! Array.init 5 byte |]

/// Reads a run folder of which one file is given.
let private asRun given other (content: Lazy<byte[] list>) (path: string) =
    let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.get
    File.Move(path, Path.Combine(folder, given), true)
    File.WriteAllBytes(Path.Combine(folder, other), content.Value.Head)
    use _ = (Saved.load folder).Params
    ()

/// Changes of the bytes, or of the header with what the file says of itself put right.
let private ofTensors (random: Random) content =
    if random.Next 3 = 0 then
        Mutation.mutate random content
    else
        Mutation.mutateHeader random content

let private laws =
    lazy
        ([
            "Normal(0, 1)"
            "Truncated(Normal(0.5, 2), -1, inf)"
            "Mixture([0.3, 0.7], Gamma(2, 3), LogNormal(0, 0.5))"
            "Independent(Beta([0.5, 2], [1, 1]), 1)"
            "MultivariateNormal([0, 0], [[1, 0.4], [0.4, 0.5]])"
            "Transformed(Normal(0, 1), chain(exp, affine(1, 2)))"
            "Categorical(logits = [0.1, 0.2, -inf])"
            "Poisson(3) + 1"
         ]
         |> List.map Encoding.UTF8.GetBytes)

let all: Reader list =
    let reader name sound change read refuses = {
        Name = name
        Sound = sound
        Change = change
        Read = read
        Refuses = refuses
    }

    [
        reader
            "Safetensors.read"
            tensors
            ofTensors
            (fun path ->
                use _ = torch.NewDisposeScope()
                Safetensors.read torch.CPU path |> ignore)
            isStorage
        reader "ModelFile.read" description Mutation.mutate (fun path -> ModelFile.read path |> ignore) isStorage
        reader
            "Saved.load, of model.json"
            description
            Mutation.mutate
            (asRun "model.json" "model.safetensors" parameters)
            isStorage
        reader
            "Saved.load, of model.safetensors"
            parameters
            ofTensors
            (asRun "model.safetensors" "model.json" description)
            isStorage
        reader
            "Checkpoint.read"
            checkpoint
            ofTensors
            (fun path ->
                use _ = Checkpoint.read path model.Value
                ())
            isStorage
        reader
            "Idx.readImages"
            (lazy [ idx; gzipped idx ])
            Mutation.mutate
            (fun path -> Idx.readImages path |> ignore)
            isData
        reader
            "Idx.readLabels"
            (lazy [ labels; gzipped labels ])
            Mutation.mutate
            (fun path -> Idx.readLabels path |> ignore)
            isData
        reader
            "TrainingLog.csv"
            (lazy [ fst watched.Value ])
            Mutation.mutate
            (fun path -> CsvRows.before path 5L (File.ReadAllBytes path) |> ignore)
            isStorage
        reader
            "TensorBoard.events"
            (lazy [ snd watched.Value ])
            Mutation.mutate
            (fun path -> TensorBoard.before path 5L (File.ReadAllBytes path) |> ignore)
            isStorage
        reader
            "EventBytes.step"
            (lazy [ EventBytes.scalars DateTimeOffset.UnixEpoch 300L [ "train/total", 1.5; "kl", 2.0 ] ])
            Mutation.mutate
            (fun path ->
                let bytes = File.ReadAllBytes path
                EventBytes.step path bytes (0, bytes.Length) |> ignore)
            isStorage
        reader
            "LawText.read"
            laws
            Mutation.mutate
            (fun path ->
                use _ = torch.NewDisposeScope()
                LawText.read (File.ReadAllText path) |> ignore)
            (fun error -> error :? FormatException || error :? ArgumentException)
    ]
