/// Lets `dotnet test` (Microsoft.Testing.Platform) run Expecto tests.
module Vae.Testing.TestingPlatform

open System
open System.Threading.Tasks
open Expecto
open Expecto.Impl
open Microsoft.Testing.Platform.Builder
open Microsoft.Testing.Platform.Capabilities.TestFramework
open Microsoft.Testing.Platform.Extensions
open Microsoft.Testing.Platform.Extensions.Messages
open Microsoft.Testing.Platform.Extensions.TestFramework
open Microsoft.Testing.Platform.Requests

type private Capabilities() =
    interface ITestFrameworkCapabilities with
        member _.Capabilities = [||]

type private ExpectoFramework(tests: Test) =
    interface IExtension with
        member _.Uid = "vae-expecto"
        member _.Version = "1.0.0"
        member _.DisplayName = "Expecto"
        member _.Description = "Expecto tests"
        member _.IsEnabledAsync() = Task.FromResult true

    interface IDataProducer with
        member _.DataTypesProduced = [| typeof<TestNodeUpdateMessage> |]

    interface ITestFramework with
        member _.CreateTestSessionAsync _ = Task.FromResult(CreateTestSessionResult(IsSuccess = true))

        member _.CloseTestSessionAsync _ = Task.FromResult(CloseTestSessionResult(IsSuccess = true))

        member this.ExecuteRequestAsync context =
            task {
                let uid = context.Request.Session.SessionUid

                let publish (name: string list) (state: TestNodeStateProperty) (timing: TimingProperty option) =
                    let name = String.Join(".", name)
                    let properties = PropertyBag(state :> IProperty)
                    timing |> Option.iter properties.Add

                    let node = TestNode(Uid = TestNodeUid name, DisplayName = name, Properties = properties)

                    context.MessageBus.PublishAsync(this, TestNodeUpdateMessage(uid, node))

                match context.Request with
                | :? DiscoverTestExecutionRequest ->
                    for test in Test.toTestCodeList tests do
                        do! publish test.name DiscoveredTestNodeStateProperty.CachedInstance None
                | :? RunTestExecutionRequest as run ->
                    let wanted =
                        match run.Filter with
                        | :? TestNodeUidListFilter as f -> f.TestNodeUids |> Seq.map _.Value |> Set.ofSeq |> Some
                        | _ -> None

                    let chosen =
                        match wanted with
                        | None -> tests
                        | Some names -> Test.filter "." (fun path -> names.Contains(String.Join(".", path))) tests

                    let config = {
                        ExpectoConfig.defaultConfig with
                            printer = TestPrinters.silent
                            noSpinner = true
                    }

                    let! results = evalTestsWithCancel context.CancellationToken config chosen false

                    for test, summary in results do
                        let finish = DateTimeOffset.UtcNow

                        let timing = TimingProperty(TimingInfo(finish - summary.duration, finish, summary.duration))

                        let state: TestNodeStateProperty =
                            match summary.result with
                            | Passed -> PassedTestNodeStateProperty.CachedInstance
                            | Ignored reason -> SkippedTestNodeStateProperty reason
                            | Failed message -> FailedTestNodeStateProperty message
                            | Error e -> ErrorTestNodeStateProperty e

                        do! publish test.name state (Some timing)
                | _ -> ()

                context.Complete()
            }

/// True when `dotnet test` started this process, or `--mtp` is the first argument.
let isRequested (argv: string[]) = argv.Length > 0 && (argv[0] = "--mtp" || Array.contains "dotnettestcli" argv)

/// Runs tests as Microsoft.Testing.Platform asks in the arguments; the process's exit code.
let run (extend: ITestApplicationBuilder -> unit) (argv: string[]) (tests: Test) : int =
    (task {
        let! builder = TestApplication.CreateBuilderAsync(argv |> Array.filter (fun a -> a <> "--mtp"))

        builder.RegisterTestFramework((fun _ -> Capabilities()), (fun _ _ -> ExpectoFramework tests))
        |> ignore

        extend builder
        use! app = builder.BuildAsync()
        return! app.RunAsync()
    })
        .GetAwaiter()
        .GetResult()
