namespace Vae.Core

open System
open System.IO

/// A file that grows as a run does: what is written is in it at once, so that a process killed at any moment leaves all but the
/// last piece whole. A run that goes on from a snapshot goes on in the file, from the snapshot's step: what the file has of that
/// step and those after it is taken out. A run that begins anew finds none or is refused. `before` tells how many of a file's
/// first bytes are of steps before one, without a piece that was not finished.
[<Sealed>]
type internal GrowingFile(path: string, before: int64 -> byte[] -> int) =
    let mutable last = 0L

    let continues step =
        let bytes = StoredFile.readBytes path
        let kept = before step bytes

        if step = 1L && before Int64.MaxValue bytes > kept then
            let expected = "no file of that name, where a run begins anew"
            raise (StorageException(path, "", "what was written of another run", expected))

        use stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read)
        stream.SetLength(int64 kept)
        bytes[.. kept - 1]

    let begins () =
        Path.GetDirectoryName(Path.GetFullPath path)
        |> Option.ofObj
        |> Option.iter (fun folder -> Directory.CreateDirectory folder |> ignore)

        [||]

    member _.Path = path

    /// To be called with each step, before anything is written of it: with the first one, and with one that a run came back
    /// to, what the file has of the steps before it; None with the others.
    member _.Reach(step: int64) : byte[] option =
        let isNew = last = 0L || step <= last
        last <- step

        if not isNew then None
        elif File.Exists path then Some(continues step)
        else Some(begins ())

    member _.Append(bytes: byte[]) : unit =
        use stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)
        stream.Write(ReadOnlySpan bytes)
