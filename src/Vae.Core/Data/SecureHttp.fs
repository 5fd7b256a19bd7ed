namespace Vae.Core

open System
open System.Net
open System.Net.Http
open System.Threading
open System.Threading.Tasks

/// Requests that nobody on the way can read or change: https, and http only within this machine.
[<RequireQualifiedAccess>]
module internal SecureHttp =
    /// The most redirections that are followed.
    let private hops = 10

    let private isSecure (address: Uri) =
        address.IsAbsoluteUri
        && (address.Scheme = Uri.UriSchemeHttps || (address.Scheme = Uri.UriSchemeHttp && address.IsLoopback))

    /// Refuses the address of a mirror that is asked in the clear.
    let check (argument: string) (address: string) =
        let _, parsed = Uri.TryCreate(address, UriKind.Absolute)

        match Option.ofObj parsed with
        | Some parsed when isSecure parsed -> ()
        | _ -> Check.refuse argument $"the address %s{address}" "one that starts with https://"

    /// A client that follows no redirection by itself.
    let client () =
        // Where an address leads to is looked at before it is asked.
        let handler = new SocketsHttpHandler(AllowAutoRedirect = false)
        new HttpClient(handler, Timeout = Timeout.InfiniteTimeSpan)

    let private target (from: Uri) (response: HttpResponseMessage) =
        match response.StatusCode, Option.ofObj response.Headers.Location with
        | (HttpStatusCode.MovedPermanently | HttpStatusCode.Found | HttpStatusCode.SeeOther | HttpStatusCode.TemporaryRedirect | HttpStatusCode.PermanentRedirect),
          Some location -> Some(Uri(from, location))
        | _ -> None

    /// The answer of an address, or of what it redirects to; `prepare` adds the headers of each request. Raises
    /// HttpRequestException where a redirection leaves https, or from this machine leads elsewhere in the clear.
    let get
        (client: HttpClient)
        (prepare: HttpRequestMessage -> unit)
        (address: Uri)
        (cancellation: CancellationToken)
        =
        let rec ask (address: Uri) left : Task<HttpResponseMessage> =
            task {
                use request = new HttpRequestMessage(HttpMethod.Get, address)
                prepare request
                let! response = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)

                match target address response with
                | None -> return response
                | Some next ->
                    response.Dispose()

                    if left = 0 then
                        raise (HttpRequestException $"it redirects more than %d{hops} times")

                    if
                        not (isSecure next) || (address.Scheme = Uri.UriSchemeHttps && next.Scheme <> address.Scheme)
                    then
                        raise (HttpRequestException $"it redirects to %O{next}, which is not https")

                    return! ask next (left - 1)
            }

        ask address hops
