module Vae.Core.Tests.Data.DownloadTests

open System
open System.Collections.Concurrent
open System.IO
open System.Net
open System.Net.Sockets
open System.Security.Cryptography
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Vae.Core
open Vae.Core.Tests.Data.Scratch

/// A web server on the loopback. The answer to a request is its business: it gets the start of the range asked for, and
/// returns the head of the answer and the bytes to send before the connection is closed, or held open.
type private Server(answer: int64 option -> string * byte[], holdsOpen: bool) =
    let listener = new TcpListener(IPAddress.Loopback, 0)
    let requests = ConcurrentQueue<int64 option>()
    let closing = new CancellationTokenSource()

    let serve (client: TcpClient) =
        task {
            use _ = client
            use stream = client.GetStream()
            use reader = new StreamReader(stream, Encoding.ASCII)
            let mutable range = None
            let mutable reading = true

            while reading do
                match Option.ofObj (reader.ReadLine()) with
                | None
                | Some "" -> reading <- false
                | Some line when line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase) ->
                    range <- Some(Int64.Parse(line.Substring(13).TrimEnd '-'))
                | Some _ -> ()

            requests.Enqueue range
            let head, body = answer range
            stream.Write(Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n"))
            stream.Write(body, 0, body.Length)

            if holdsOpen then
                do! Task.Delay(Timeout.Infinite, closing.Token)
        }

    do
        listener.Start()

        task {
            while true do
                let! client = listener.AcceptTcpClientAsync closing.Token
                Task.Run(Func<Task>(fun () -> serve client)) |> ignore
        }
        |> ignore

    member _.Address = $"http://127.0.0.1:%d{(listener.LocalEndpoint :?> IPEndPoint).Port}/files/"

    /// The starts of the ranges asked for, in order.
    member _.Requests = List.ofSeq requests

    interface IDisposable with
        member _.Dispose() =
            closing.Cancel()
            listener.Stop()

let private content = Array.init 200_000 (fun i -> byte (Key.word (int64 i) (Key.ofSeed 1)))

let private file = {
    Name = "numbers.bin"
    Length = content.LongLength
    Sha256 = Convert.ToHexStringLower(SHA256.HashData content)
}

let private whole (body: byte[]) = $"HTTP/1.1 200 OK\r\nContent-Length: %d{content.Length}\r\n", body

let private partial (start: int64) =
    let range = $"bytes %d{start}-%d{content.Length - 1}/%d{content.Length}"
    let length = content.LongLength - start
    $"HTTP/1.1 206 Partial Content\r\nContent-Range: %s{range}\r\nContent-Length: %d{length}\r\n", content[int start ..]

let private redirection target = $"HTTP/1.1 302 Found\r\nLocation: %s{target}\r\nContent-Length: 0\r\n", [||]

/// Answers ranges as it should.
let private honestly (range: int64 option) =
    match range with
    | Some start -> partial start
    | None -> whole content

let private honest () = new Server(honestly, false)

/// Sends so many bytes of the whole file and then breaks off; answers ranges as it should.
let private breaking sent =
    new Server((fun range -> if range.IsSome then honestly range else whole content[.. sent - 1]), false)

let private lies = Array.map (fun b -> b ^^^ 1uy) content

let private options folder = { Download.defaults with Folder = Some folder }

let private fetch folder (mirrors: string list) =
    (Download.fetch (options folder) "numbers" mirrors [ file ] CancellationToken.None).GetAwaiter().GetResult()
    |> ignore

/// That the file, and nothing else, stands in the folder.
let private isThere folder =
    Expect.equal (Directory.GetFiles folder |> Array.map Path.GetFileName) [| file.Name |] "the files of the folder"
    Expect.isTrue (File.ReadAllBytes(Path.Combine(folder, file.Name)) = content) "the bytes of the file"

let private partOf folder = Path.Combine(folder, file.Name + ".part")

let tests =
    testList "Download" [
        test "a file is downloaded once" {
            inFolder (fun folder ->
                use server = honest ()
                fetch folder [ server.Address ]
                isThere folder
                fetch folder [ server.Address ]
                fetch folder []
                Expect.equal server.Requests [ None ] "requests")
        }

        test "a file that breaks off is gone on with from where it broke" {
            inFolder (fun folder ->
                use server = breaking 70_000
                fetch folder [ server.Address ]
                isThere folder
                Expect.equal server.Requests [ None; Some 70_000L ] "requests")
        }

        test "a download that was stopped is gone on with by the next" {
            inFolder (fun folder ->
                File.WriteAllBytes(partOf folder, content[..49_999])
                use server = honest ()
                fetch folder [ server.Address ]
                isThere folder
                Expect.equal server.Requests [ Some 50_000L ] "requests")
        }

        test "a mirror that lies is passed over and its bytes are deleted" {
            inFolder (fun folder ->
                use liar = new Server((fun _ -> whole lies), false)
                use server = honest ()
                fetch folder [ liar.Address; server.Address ]
                isThere folder
                Expect.equal (liar.Requests, server.Requests) ([ None ], [ None ]) "requests")
        }

        test "a mirror is not blamed for bytes that came before it" {
            inFolder (fun folder ->
                File.WriteAllBytes(partOf folder, lies[..49_999])
                use server = honest ()
                fetch folder [ server.Address ]
                isThere folder
                Expect.equal server.Requests [ Some 50_000L; None ] "requests")
        }

        test "not even when it breaks off itself" {
            inFolder (fun folder ->
                File.WriteAllBytes(partOf folder, lies[..49_999])

                let answer range =
                    let head, body = honestly range
                    head, (if range = Some 50_000L then body[..19_999] else body)

                use server = new Server(answer, false)
                fetch folder [ server.Address ]
                isThere folder
                Expect.equal server.Requests [ Some 50_000L; Some 70_000L; None ] "requests")
        }

        test "a mirror that stalls is passed over, and the next goes on" {
            inFolder (fun folder ->
                use staller = new Server((fun _ -> whole content[..59_999]), true)
                use server = honest ()

                let impatient = { options folder with Patience = TimeSpan.FromSeconds 3.0 }

                (Download.fetch impatient "numbers" [ staller.Address; server.Address ] [ file ] CancellationToken.None)
                    .GetAwaiter()
                    .GetResult()
                |> ignore

                isThere folder
                Expect.equal (staller.Requests, server.Requests) ([ None ], [ Some 60_000L ]) "requests")
        }

        test "a mirror that never answers is passed over" {
            inFolder (fun folder ->
                // Connections are accepted by the system, and nobody reads them.
                let deaf = new TcpListener(IPAddress.Loopback, 0)
                deaf.Start()
                let address = $"http://127.0.0.1:%d{(deaf.LocalEndpoint :?> IPEndPoint).Port}/"

                try
                    let impatient = { options folder with Patience = TimeSpan.FromSeconds 0.2 }

                    raises<DownloadException> [ address; "nothing came for 0.2 s" ] (fun () ->
                        (Download.fetch impatient "numbers" [ address ] [ file ] CancellationToken.None)
                            .GetAwaiter()
                            .GetResult()
                        |> ignore)
                finally
                    deaf.Stop())
        }

        test "a mirror without ranges sends the whole file again" {
            inFolder (fun folder ->
                File.WriteAllBytes(partOf folder, content[..49_999])
                use server = new Server((fun _ -> whole content), false)
                fetch folder [ server.Address ]
                isThere folder
                Expect.equal server.Requests [ Some 50_000L ] "requests")
        }

        test "a mirror that sends too much is passed over" {
            inFolder (fun folder ->
                use endless = new Server((fun _ -> "HTTP/1.1 200 OK\r\n", Array.append content content), false)
                use server = honest ()
                fetch folder [ endless.Address; server.Address ]
                isThere folder)
        }

        test "a damaged file in the folder is replaced" {
            inFolder (fun folder ->
                File.WriteAllBytes(Path.Combine(folder, file.Name), lies)
                use server = honest ()
                fetch folder [ server.Address ]
                isThere folder)
        }

        test "without a mirror that helps, the error says what to put where" {
            inFolder (fun folder ->
                use missing = new Server((fun _ -> "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", [||]), false)
                use liar = new Server((fun _ -> whole lies), false)
                // A port on which nobody listens.
                let nobody = new TcpListener(IPAddress.Loopback, 0)
                nobody.Start()
                let closed = $"http://127.0.0.1:%d{(nobody.LocalEndpoint :?> IPEndPoint).Port}/"
                nobody.Stop()

                raises<DownloadException>
                    [
                        folder
                        file.Name
                        file.Sha256
                        "200000 bytes"
                        $"%s{missing.Address}: it answered 404"
                        $"%s{liar.Address}: it sent other bytes"
                        closed
                    ]
                    (fun () -> fetch folder [ missing.Address; liar.Address; closed ])

                Expect.isEmpty (Directory.GetFiles folder) "files left behind")
        }

        test "a redirection within this machine is followed, with the range" {
            inFolder (fun folder ->
                File.WriteAllBytes(partOf folder, content[..49_999])
                use server = honest ()
                use moved = new Server((fun _ -> redirection (server.Address + file.Name)), false)
                fetch folder [ moved.Address ]
                isThere folder
                Expect.equal (moved.Requests, server.Requests) ([ Some 50_000L ], [ Some 50_000L ]) "requests")
        }

        test "a redirection to plain http, or for ever, is passed over" {
            inFolder (fun folder ->
                use plain = new Server((fun _ -> redirection "http://mirror.invalid/numbers.bin"), false)
                use circle = new Server((fun _ -> redirection "/files/numbers.bin"), false)

                raises<DownloadException>
                    [ "http://mirror.invalid/numbers.bin, which is not https"; "more than 10 times" ]
                    (fun () -> fetch folder [ plain.Address; circle.Address ])

                Expect.equal (plain.Requests.Length, circle.Requests.Length) (1, 11) "requests")
        }

        test "a mirror that is not https is refused before anything is asked" {
            inFolder (fun folder ->
                use server = honest ()

                for address in [ "http://mirror.invalid/"; "ftp://mirror.invalid/"; "/mirror"; "" ] do
                    raises<ArgumentException> [ "mirrors"; address; "https://" ] (fun () ->
                        fetch folder [ server.Address; address ])

                Expect.isEmpty server.Requests "requests")
        }

        test "progress ends at the length, and a cancelled download can be gone on with" {
            inFolder (fun folder ->
                use server =
                    new Server((fun range -> if range.IsSome then honestly range else whole content[..99_999]), true)

                use source = new CancellationTokenSource()

                let cancelling = {
                    options folder with
                        Progress =
                            fun step ->
                                if step.Received = 100_000L then
                                    source.Cancel()
                }

                raises<OperationCanceledException> [] (fun () ->
                    (Download.fetch cancelling "numbers" [ server.Address ] [ file ] source.Token)
                        .GetAwaiter()
                        .GetResult()
                    |> ignore)

                Expect.equal (FileInfo(partOf folder).Length) 100_000L "what is kept"
                let steps = ConcurrentQueue<DownloadProgress>()

                let reporting = { options folder with Progress = steps.Enqueue }

                (Download.fetch reporting "numbers" [ server.Address ] [ file ] CancellationToken.None)
                    .GetAwaiter()
                    .GetResult()
                |> ignore

                isThere folder
                Expect.equal server.Requests [ None; Some 100_000L ] "requests"
                let last = Seq.last steps
                Expect.equal (last.File, last.Received, last.Length) (file.Name, 200_000L, 200_000L) "the last step"
                Expect.equal last.Mirror server.Address "the mirror")
        }

        test "each data set has a folder of its own" {
            let folder = Download.folderOf "numbers"
            Expect.isTrue (Path.IsPathRooted folder) "rooted"
            Expect.stringEnds folder (Path.Combine("VaeFunctional", "numbers")) "folder"
        }
    ]
