module Vae.Core.Tests.PrivateCopyTests

open System
open System.IO
open System.Threading.Tasks
open Expecto
open Vae.Core

let private bytes = Array.init 300_000 (fun i -> byte (i * 31))

/// A new folder, deleted when the test ends.
let private inFolder test () =
    let folder = Directory.CreateTempSubdirectory("vae-tests-").FullName

    try
        test folder
    finally
        Directory.Delete(folder, recursive = true)

let private holdsOne (folder: string) =
    Expect.equal (Directory.GetFiles folder |> Array.map Path.GetFileName) [| "copy.so" |] "the files of the folder"
    Expect.equal (File.ReadAllBytes(Path.Combine(folder, "copy.so"))) bytes "the bytes of the file"

let tests =
    testList "PrivateCopy" [
        testCase "keeps a file in a folder that it makes, for its owner only"
        <| inFolder (fun folder ->
            let made = Path.Combine(folder, "a", "b")
            Expect.equal (PrivateCopy.keep made "copy.so" bytes) (Path.Combine(made, "copy.so")) "path"
            holdsOne made

            if not (OperatingSystem.IsWindows()) then
                let others = File.GetUnixFileMode made &&& ~~~(enum<UnixFileMode> 0o700)
                Expect.equal others UnixFileMode.None "what others may do in the folder")

        testCase "does not write a file that is there"
        <| inFolder (fun folder ->
            let path = PrivateCopy.keep folder "copy.so" bytes
            let earlier = DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc)
            File.SetLastWriteTimeUtc(path, earlier)
            PrivateCopy.keep folder "copy.so" bytes |> ignore
            Expect.equal (File.GetLastWriteTimeUtc path) earlier "time of the last write")

        testCase "replaces a file that was cut short, emptied or altered"
        <| inFolder (fun folder ->
            let path = PrivateCopy.keep folder "copy.so" bytes
            let altered = Array.copy bytes
            altered[150_000] <- altered[150_000] + 1uy

            for damage in [ bytes[..1000]; [||]; altered; Array.append bytes [| 0uy |] ] do
                File.WriteAllBytes(path, damage)
                Expect.equal (PrivateCopy.keep folder "copy.so" bytes) path "path"
                holdsOne folder)

        testCase "leaves a reader of the replaced file its bytes"
        <| inFolder (fun folder ->
            let path = PrivateCopy.keep folder "copy.so" bytes

            use reader =
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite ||| FileShare.Delete)

            PrivateCopy.keep folder "copy.so" [| 1uy |] |> ignore
            let read = Array.zeroCreate<byte> bytes.Length
            reader.ReadExactly(read.AsSpan())
            Expect.equal read bytes "bytes of the replaced file")

        testCase "is whole for each of many that keep it at once"
        <| inFolder (fun folder ->
            let keepAndRead _ = File.ReadAllBytes(PrivateCopy.keep folder "copy.so" bytes)

            let read =
                (Task.WhenAll [ for i in 1..24 -> Task.Run(fun () -> keepAndRead i) ]).GetAwaiter().GetResult()

            Expect.all read ((=) bytes) "what each read"
            holdsOne folder)

        testCase "is made elsewhere, and deleted after loading, where the folder cannot be made"
        <| inFolder (fun folder ->
            let file = Path.Combine(folder, "file")
            File.WriteAllText(file, "no folder")
            let mutable path = ""

            let read =
                PrivateCopy.withFile (Some(Path.Combine(file, "cache"))) "copy.so" bytes (fun p ->
                    path <- p
                    File.ReadAllBytes p)

            Expect.equal read bytes "the bytes"
            Expect.equal (Path.GetFileName path) "copy.so" "the name"
            Expect.isFalse (Directory.Exists(Path.GetDirectoryName path)) "the temporary folder is gone")

        testCase "is made elsewhere where a file of the folder does not load"
        <| inFolder (fun folder ->
            let load (path: string) =
                if path.StartsWith folder then
                    raise (DllNotFoundException "failed to map segment")

                File.ReadAllBytes path

            Expect.equal (PrivateCopy.withFile (Some folder) "copy.so" bytes load) bytes "the bytes")

        testCase "is made elsewhere where there is no folder"
        <| fun () -> Expect.equal (PrivateCopy.withFile None "copy.so" bytes File.ReadAllBytes) bytes "the bytes"

        testCase "answers with the cause where it loads from nowhere"
        <| inFolder (fun folder ->
            Expect.throwsT<DllNotFoundException>
                (fun () ->
                    PrivateCopy.withFile (Some folder) "copy.so" bytes (fun _ -> raise (DllNotFoundException "cause")))
                "not loaded")
    ]
