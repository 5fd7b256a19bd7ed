namespace Vae.Core

open System.IO
open TorchSharp

/// A run as a folder: `model.json` describes the model, `model.safetensors` holds its parameters and, beside them, the
/// history that led to them. The same run is the same bytes.
[<RequireQualifiedAccess>]
module Saved =
    let private kind = "vae-run"

    let private description (folder: string) = Path.Combine(folder, "model.json")
    let private parameters (folder: string) = Path.Combine(folder, "model.safetensors")

    /// Saves a run into a folder, which is made where there is none. Raises StorageException where the folder holds a run
    /// already, and ArgumentException for a model with parts or layers of one's own.
    let save (folder: string) (run: Run) : unit =
        let file = parameters folder

        if File.Exists file then
            raise (StorageException(file, "", "a run that was saved before", "a folder without one"))

        Directory.CreateDirectory folder |> ignore
        ModelFile.write (description folder) run.Vae

        let metadata = [
            "format", StoredParams.kind kind
            "model", Vae.describe run.Vae
            "history", Json.print (HistoryJson.ofHistory run.History)
        ]

        // Last, so that a folder with this file is a whole run.
        Safetensors.write file metadata (StoredParams.tensors run.Params)

    /// `load` with the parameters on a device.
    let loadOn (device: torch.Device) (folder: string) : Run =
        Native.load ()
        let file = parameters folder
        let vae = ModelFile.read (description folder)
        let declared = Vae.declared vae
        use _ = torch.NewDisposeScope()

        let accept (header: StoredHeader) =
            StoredParams.expectKind file kind header
            StoredParams.check file (declared |> List.map (fun p -> p.Path, p.Shape)) header.Tensors
            StoredParams.expect file "model" (Vae.describe vae) header.Metadata
            header.Metadata

        let metadata, tensors = Safetensors.readBy accept device file
        StoredParams.checkFinite file tensors
        let history = StoredParams.json file "history" metadata |> HistoryJson.toHistory

        {
            Vae = vae
            Params = StoredParams.create declared "" tensors
            History = history
        }

    /// The run that was saved into a folder, on the CPU, in the precision it was trained in. Raises StorageException for files
    /// that are missing, damaged, or not about one model: a parameter that is missing, too many, of another shape or not
    /// finite is named. No number is made before the shapes of both files are known to agree, so that what a folder takes of
    /// time and memory is bounded by the size of its files.
    let load (folder: string) : Run = loadOn Placement.float32.Device folder

    /// The SHA-256 that a saved run's file of parameters states of itself, in hexadecimal, and that `load` checks. None where
    /// the run was saved before files stated one: `load` then takes the numbers as they are.
    let checksum (folder: string) : string option = Safetensors.checksum (parameters folder)
