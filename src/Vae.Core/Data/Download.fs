namespace Vae.Core

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Http.Headers
open System.Security.Cryptography
open System.Threading
open System.Threading.Tasks

/// A published file: its name, its length in bytes and its SHA-256 in lower-case hexadecimal.
type RemoteFile = { Name: string; Length: int64; Sha256: string }

/// How far the download of one file has come, in bytes.
type DownloadProgress = { File: string; Mirror: string; Received: int64; Length: int64 }

/// How files are downloaded.
type DownloadOptions = {
    /// Where the files go; each data set has a folder of its own in the user's cache folder by default.
    Folder: string option
    /// The longest wait for a mirror to send anything: its answer, or the next bytes of a file.
    Patience: TimeSpan
    /// Told after every piece received.
    Progress: DownloadProgress -> unit
}

/// No mirror gave the files. The message names them, their hashes and the folder to put them in.
[<Sealed>]
type DownloadException(message: string, folder: string) =
    inherit Exception(message)

    /// The folder to put the files in by hand.
    member _.Folder = folder

/// The outcome of asking one mirror once.
type private Attempt =
    | Complete
    /// The mirror sent something and then broke off: it may go on from there.
    | BrokenOff of reason: string
    /// The mirror is of no use.
    | Refused of reason: string

/// Files from several mirrors into a folder: checked by their hashes, resumed where broken off, never left half-written
/// under their own names.
[<RequireQualifiedAccess>]
module Download =
    /// The default folder of the data set, 20 s of patience and no progress.
    let defaults: DownloadOptions = { Folder = None; Patience = TimeSpan.FromSeconds 20.0; Progress = ignore }

    /// Times a mirror that broke off may go on.
    let private resumptions = 5

    /// The folder of a data set in the user's cache folder.
    let folderOf (dataSet: string) : string =
        let special = Environment.GetFolderPath
        let home = special Environment.SpecialFolder.UserProfile

        let cache =
            match Option.ofObj (Environment.GetEnvironmentVariable "XDG_CACHE_HOME") with
            | Some folder when Path.IsPathRooted folder -> folder
            | _ when OperatingSystem.IsWindows() -> special Environment.SpecialFolder.LocalApplicationData
            | _ when home = "" -> Path.GetTempPath()
            | _ when OperatingSystem.IsMacOS() -> Path.Combine(home, "Library", "Caches")
            | _ -> Path.Combine(home, ".cache")

        Path.Combine(cache, "VaeFunctional", dataSet)

    let private sha256 (path: string) =
        use stream = File.OpenRead path
        Convert.ToHexStringLower(SHA256.HashData stream)

    let private isSound (file: RemoteFile) path =
        let info = FileInfo path
        info.Exists && info.Length = file.Length && sha256 path = file.Sha256

    let private lengthOf path =
        let info = FileInfo path
        if info.Exists then info.Length else 0L

    /// Runs one step of the network's, which is given up after the time of patience. What the network does wrong becomes an
    /// HttpRequestException, to tell it from what the disk does wrong.
    let private withPatience
        (patience: TimeSpan)
        (cancellation: CancellationToken)
        (step: CancellationToken -> Task<'t>)
        =
        task {
            use limited = CancellationTokenSource.CreateLinkedTokenSource cancellation
            limited.CancelAfter patience

            try
                return! step limited.Token
            with
            | :? OperationCanceledException when not cancellation.IsCancellationRequested ->
                return raise (TimeoutException $"nothing came for %g{patience.TotalSeconds} s")
            | :? IOException as error -> return raise (HttpRequestException(error.Message, error))
        }

    /// Appends the body of a mirror's answer to the part file, from `start` on.
    let private receive options mirror (file: RemoteFile) part start (response: HttpResponseMessage) cancellation =
        task {
            use! source = response.Content.ReadAsStreamAsync(cancellation: CancellationToken)
            use target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None)
            target.SetLength start
            target.Position <- start
            let buffer = Array.zeroCreate<byte>(1 <<< 16)
            let mutable ended = false

            while not ended do
                let! count =
                    withPatience options.Patience cancellation (fun token ->
                        source.ReadAsync(buffer.AsMemory(), token).AsTask())

                if count > 0 then
                    target.Write(buffer, 0, count)

                    options.Progress {
                        File = file.Name
                        Mirror = mirror
                        Received = target.Position
                        Length = file.Length
                    }

                ended <- count = 0 || target.Position > file.Length
        }

    /// Asks a mirror for what the part file lacks. `Complete` says that the part file has the right length.
    let private ask (client: HttpClient) options (mirror: string) (file: RemoteFile) part cancellation =
        task {
            let start = lengthOf part
            let address = Uri(mirror.TrimEnd('/') + "/" + file.Name)

            let prepare (request: HttpRequestMessage) =
                if start > 0L then
                    request.Headers.Range <- RangeHeaderValue(Nullable start, Nullable())

            let failed reason = if lengthOf part > start then BrokenOff reason else Refused reason

            try
                use! response = withPatience options.Patience cancellation (SecureHttp.get client prepare address)

                let range = Option.ofObj response.Content.Headers.ContentRange

                let from =
                    match response.StatusCode, range with
                    | HttpStatusCode.PartialContent, Some range when range.From = Nullable start -> Some start
                    // A mirror that knows no ranges sends the whole file.
                    | HttpStatusCode.OK, _ -> Some 0L
                    | _ -> None

                match from with
                | None -> return Refused $"it answered %d{int response.StatusCode} %s{string response.StatusCode}"
                | Some from ->
                    do! receive options mirror file part from response cancellation

                    return
                        match lengthOf part with
                        | length when length = file.Length -> Complete
                        | length when length > file.Length -> Refused "it sent more bytes than the file has"
                        | _ -> failed "it broke off"
            with
            | :? TimeoutException as error -> return Refused error.Message
            | :? HttpRequestException as error -> return failed error.Message
        }

    /// Downloads a file from one mirror, going on where it breaks off; `Some reason` if that fails.
    let private fromMirror client options folder (file: RemoteFile) (cancellation: CancellationToken) (mirror: string) =
        let path = Path.Combine(folder, file.Name)
        let part = path + ".part"

        // Inherited bytes came from an earlier run or another mirror: when they are wrong, this mirror starts afresh.
        let rec go inherited resumptions =
            task {
                let! attempt =
                    if lengthOf part >= file.Length then
                        Task.FromResult Complete
                    else
                        ask client options mirror file part cancellation

                match attempt with
                | Complete when isSound file part ->
                    File.Move(part, path, true)
                    return None
                | Complete ->
                    let found = sha256 part
                    File.Delete part

                    if inherited then
                        return! go false resumptions
                    else
                        return Some $"it sent other bytes, of SHA-256 %s{found}"
                | BrokenOff _ when resumptions > 0 -> return! go inherited (resumptions - 1)
                | BrokenOff reason -> return Some reason
                | Refused reason ->
                    if lengthOf part > file.Length then
                        File.Delete part

                    return Some reason
            }

        go (lengthOf part > 0L) resumptions

    let private failure (dataSet: string) folder (files: RemoteFile list) (tried: (string * string) list) =
        let reasons = [ for mirror, reason in tried -> $"  %s{mirror}: %s{reason}" ]
        let wanted = [ for file in files -> $"  %s{file.Name}  %d{file.Length} bytes  SHA-256 %s{file.Sha256}" ]

        let lines =
            [ $"%s{dataSet} could not be downloaded:" ]
            @ reasons
            @ [ $"Without a network, put these files into %s{folder}:" ]
            @ wanted

        DownloadException(String.Join(Environment.NewLine, lines), folder)

    /// Makes sure that a data set's files stand in its folder (the answer) with the right hashes: what is missing is asked
    /// of the mirrors (folder addresses) in turn. Files that are there already need no network.
    /// Raises DownloadException when no mirror gives a file, and ArgumentException for a mirror that is not https: http is
    /// asked of this machine only, and no redirection leads to it.
    let fetch
        (options: DownloadOptions)
        (dataSet: string)
        (mirrors: string list)
        (files: RemoteFile list)
        (cancellation: CancellationToken)
        : Task<string> =
        mirrors |> List.iter (SecureHttp.check (nameof mirrors))

        task {
            let folder = options.Folder |> Option.defaultWith (fun () -> folderOf dataSet)
            let missing = files |> List.filter (fun file -> not (isSound file (Path.Combine(folder, file.Name))))

            if not missing.IsEmpty then
                Directory.CreateDirectory folder |> ignore
                use client = SecureHttp.client ()

                for file in missing do
                    let mutable tried = []
                    let mutable left = mirrors
                    let mutable found = false

                    while not found do
                        match left with
                        | [] -> raise (failure dataSet folder missing (List.rev tried))
                        | mirror :: others ->
                            left <- others

                            match! fromMirror client options folder file cancellation mirror with
                            | None -> found <- true
                            | Some reason -> tried <- (mirror, reason) :: tried

            return folder
        }
