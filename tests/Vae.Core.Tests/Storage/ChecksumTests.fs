module Vae.Core.Tests.Storage.ChecksumTests

open System
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored

/// A model whose files are small enough to be damaged at every byte.
let private tiny () =
    let encoder = Net.flatten --> Net.dense 3 --> Net.relu
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal encoder) (Likelihood.gaussian 1.0 (Net.dense 4))

let private data =
    Data.ofFloats "waves" [| 4L |] [||] [|
        for i in 0..19 do
            for j in 0..3 -> sin (float32 (i + 3 * j))
    |]

let private start epochs seed =
    let options = { TrainingOptions.defaults with Seed = seed; Epochs = epochs; BatchSize = 8 }

    Training.start options data

let private fit epochs seed = tiny () |> start epochs seed |> Training.fit Objective.elbo (Optimizer.adam 1e-2)

/// Loads a file with each of its bytes changed in turn, and answers how many there were and which were not noticed.
let private changed (path: string) (load: unit -> IDisposable) =
    let whole = File.ReadAllBytes path
    let random = Random 5

    let unnoticed = [
        for at in 0 .. whole.Length - 1 do
            let damaged = Array.copy whole
            damaged[at] <- damaged[at] ^^^ byte (random.Next(1, 256))
            File.WriteAllBytes(path, damaged)

            let noticed =
                try
                    use _ = load ()
                    false
                with :? StorageException ->
                    true

            if not noticed then
                at
    ]

    File.WriteAllBytes(path, whole)
    unnoticed

let private flips =
    inFolder "a change of any byte of a saved model, or of a checkpoint, is refused" (fun folder ->
        let run = fit 1 1
        Saved.save folder run
        let file = Path.Combine(folder, "model.safetensors")
        let load () = (Saved.load folder).Params :> IDisposable
        Expect.isEmpty (changed file load) "bytes of the model's file"

        let checkpoint = Path.Combine(folder, "checkpoint.safetensors")

        for report in tiny () |> start 1 1 |> Training.reports Objective.elbo (Optimizer.adam 1e-2) |> Seq.take 2 do
            use snapshot = report.Snapshot()
            Checkpoint.write checkpoint snapshot

        let read () = Checkpoint.read checkpoint run.Vae :> IDisposable
        Expect.isEmpty (changed checkpoint read) "bytes of the checkpoint"
        use whole = load ()
        use again = read ()
        ())

/// The file of a version that stated no checksum, or of this one without it.
let private without (path: string) version =
    let metadata, tensors = Safetensors.read torch.CPU path
    let metadata = [ for k, v in metadata -> k, (if k = "format" then v.Replace(" 2", version) else v) ]
    Safetensors.write path metadata tensors
    let bytes = File.ReadAllBytes path
    let stated = $",\"sha256\":\"%s{(Safetensors.checksum path).Value}\""
    let at = bytes.AsSpan().IndexOf(ReadOnlySpan(Text.Encoding.ASCII.GetBytes stated))
    let blank = Text.Encoding.ASCII.GetBytes(String(' ', stated.Length))
    blank.CopyTo(bytes, at)
    File.WriteAllBytes(path, bytes)

let private absent =
    inFolder "a file of an older version is taken, and says that it states no checksum" (fun folder ->
        let run = fit 1 1
        Saved.save folder run
        Expect.isSome (Saved.checksum folder) "a new file"
        let file = Path.Combine(folder, "model.safetensors")
        without file " 1"
        Expect.isNone (Saved.checksum folder) "an old file"
        sameBits "its parameters" run.Params (Saved.load folder).Params
        File.Delete file
        File.Delete(Path.Combine(folder, "model.json"))
        Saved.save folder run
        without file " 2"
        let error = refusal (fun () -> Saved.load folder)
        Expect.equal error.Place "metadata 'sha256'" "a new file that lacks it"
        Expect.equal error.Found "nothing" "is refused")

let private notFinite =
    inFolder "numbers that are not finite are refused by the parameter's name" (fun folder ->
        let run = fit 1 1
        Saved.save folder run
        let path = Path.Combine(folder, "model.safetensors")
        let metadata, tensors = Safetensors.read torch.CPU path

        for value in [ nan; infinity; -infinity ] do
            let spoil (name, t: Tensor) =
                if name = "likelihood.0.bias" then
                    let numbers = Tensor.toArray t
                    numbers[2] <- value
                    name, Tensor.ofArray (Placement.like t) t.shape numbers
                else
                    name, t

            Safetensors.write path metadata (List.map spoil tensors)
            let error = refusal (fun () -> Saved.load folder)
            Expect.equal error.Place "tensor 'likelihood.0.bias'" "which"
            Expect.stringContains error.Found "as number 2 of 4" "where in it")

let private sameBytes =
    inFolder "the same settings make the same bytes of a model's file" (fun folder ->
        let bytes name run =
            let at = Path.Combine(folder, name)
            Saved.save at run
            File.ReadAllBytes(Path.Combine(at, "model.safetensors")), File.ReadAllText(Path.Combine(at, "model.json"))

        let once = bytes "once" (fit 2 7)
        Expect.equal (bytes "again" (fit 2 7)) once "trained again"
        let checkpoint = Path.Combine(folder, "checkpoint.safetensors")

        for report in tiny () |> start 2 7 |> Training.reports Objective.elbo (Optimizer.adam 1e-2) |> Seq.take 4 do
            use snapshot = report.Snapshot()
            Checkpoint.write checkpoint snapshot

        use snapshot = Checkpoint.read checkpoint (tiny ())

        let resumed =
            tiny ()
            |> start 2 7
            |> Training.resume snapshot
            |> Training.fit Objective.elbo (Optimizer.adam 1e-2)

        Expect.equal (bytes "resumed" resumed) once "stopped in the second epoch, and resumed")

let private anyThreads =
    testList "a model's file is the same on one thread and on two" [
        for name, encoder, decoder in
            [
                "dense", Net.denseEncoder [ 64 ], Net.denseDecoder [ 64 ]
                "convolutional", Net.convEncoder [ 8; 16 ] 16, Net.convDecoder [ 16; 8 ]
            ] do
            inFolder name (fun folder ->
                // Elsewhere libtorch adds gradients up, in parts as many as its threads.
                if not Tile.isFast then
                    skiptest "this processor has no kernels of the library's own"

                let vae =
                    Vae.create
                        (Prior.standard 2)
                        (Posterior.diagonalNormal encoder)
                        (Likelihood.bernoulliCrossEntropy decoder)

                // Batches of 128, 128 and 44, of 40 and of 20 examples.
                for batch, count in [ 128, 300; 40, 100 ] do
                    let bytes threads =
                        let before = torch.get_num_threads ()

                        try
                            torch.set_num_threads threads
                            let at = Path.Combine(folder, $"%d{batch}-%d{threads}")

                            let options = { TrainingOptions.defaults with Epochs = 2; BatchSize = batch }

                            Training.start options (Data.take count digits) vae
                            |> Training.fit Objective.elbo (Optimizer.adam 1e-3 |> Optimizer.clip 20.0)
                            |> Saved.save at

                            File.ReadAllBytes(Path.Combine(at, "model.safetensors"))
                        finally
                            torch.set_num_threads before

                    Expect.isTrue (bytes 1 = bytes 2) $"in batches of %d{batch}")
    ]

let private leftovers =
    inFolder "what a killed process left beside a file is cleared when it is next written" (fun folder ->
        let path = Path.Combine(folder, "file.txt")
        let dead = $"%s{path}.abcdefgh.ijk.partial"

        let living, other =
            $"%s{path}.lmnopqrs.tuv.partial", Path.Combine(folder, "other.txt.abcdefgh.ijk.partial")

        File.WriteAllText(dead, "half of")
        File.WriteAllText(other, "half of")
        use writer = new FileStream(living, FileMode.CreateNew, FileAccess.Write, FileShare.None)
        StoredFile.writeText path "whole"
        Expect.isFalse (File.Exists dead) "that of nobody"
        Expect.isTrue (File.Exists living) "that of a process which is writing"
        Expect.isTrue (File.Exists other) "that of another file"
        Expect.equal (File.ReadAllText path) "whole" "the file")

let private steering =
    testCase "names of files and tensors steer no terminal" (fun () ->
        let escape = "\u001b[31mred\u009b0m\r"
        let error = StorageException(escape, escape, escape, escape)
        Expect.isFalse (error.Message |> String.exists Char.IsControl) error.Message
        Expect.stringContains error.Message "\\u001b[31mred\\u009b0m\\u000d" "their codes are shown"
        let error = DataFormatException(escape, escape, escape)
        Expect.isFalse (error.Message |> String.exists Char.IsControl) error.Message

        Expect.isLessThan
            (StorageException("f", "", String('x', 1_000_000), "")).Message.Length
            3000
            "and not at length")

let tests = testList "Checksum" [ flips; absent; notFinite; sameBytes; anyThreads; leftovers; steering ]
