using System.CommandLine;
using CodeTuner.Tensors;
using CodeTuner.Tensors.Ggml;
using CodeTuner.Tuning;
using CodeTuner.Tuning.Devices;
using CodeTuner.Tuning.Runs;

namespace CodeTuner.Cli;

/// <summary>A command's use of what computes: a graphics card is tried before it is used, and what goes wrong with it is said.</summary>
internal sealed class CardSession : IDisposable
{
    private readonly string state;
    private readonly CardMark? mark;

    private CardSession(ParseResult result, ComputeDevice device)
    {
        (Device, state) = (device, State(result));
        if (device.Card is null)
            return;
        mark = CardMark.Create(state);
        _ = mark.Work(device.Name);
        GgmlLibrary.LastWords = why => CommandRunner.Fail(result, $"{why.Message} {WhatNext(why)}", ExitCode.Failed);
    }

    /// <summary>What computes.</summary>
    public ComputeDevice Device { get; }

    private static string Resume => "Nothing that was saved is lost: resume a tune with \"codetuner tune --resume\", on the processor with --device cpu.";

    /// <summary>The device that an option names. A card that was left to <c>auto</c> and is not fit is passed over, with a line on standard error.</summary>
    /// <exception cref="TuningException">The card that is named is not there, or fails when it is tried.</exception>
    public static CardSession Open(ParseResult result, Option<string> option)
    {
        string wanted = result.GetValue(option)!;
        if (ComputeDevice.IsProcessor(wanted))
            return new CardSession(result, ComputeDevice.Choose(wanted));
        bool isAutomatic = ComputeDevice.IsAutomatic(wanted);
        string? problem = CardMark.TakeLeft(State(result)) is { } card && isAutomatic
            ? $"{card} was computing when a process ended unexpectedly, as it does where a graphics driver fails. Name the card with {option.Name} to try it again."
            : CardProbe.Problem(CardProbe.ThisProgram("codetuner", wanted));
        if (problem is null)
            return new CardSession(result, ComputeDevice.Choose(wanted));
        if (!isAutomatic)
            throw new TuningException($"{problem} {option.Name} {ComputeDevice.Processor} computes without it.");
        Console.Error.WriteLine($"{problem} The processor computes.");
        return new CardSession(result, ComputeDevice.Choose(ComputeDevice.Processor));
    }

    /// <summary>What a user can do after a card's failure.</summary>
    public static string WhatNext(Exception failure) => Resume + (failure is DeviceMemoryException
        ? " For the card, start anew with a lower --batch-rows or --row, or a higher --gpu-memory."
        : "");

    /// <summary>Waits until no other process tunes on the card, where one computes.</summary>
    public CardQueue? WaitForTurn(string workspace, CancellationToken cancellation) => Device.Card is null ? null : CardQueue.Wait(
        state, Device.Name, workspace, who => Console.Error.WriteLine($"{who} This one waits for it; Ctrl-C stops, and --device cpu computes without the card."), cancellation);

    /// <summary>Ends the process where the card does not answer any more: nothing else can end what it was sent.</summary>
    public SignsOfLife? Listen()
    {
        if (Device.Card is null)
            return null;
        SignsOfLife life = new(() => false);
        life.Silent.ContinueWith(_ => GgmlLibrary.EndProcess(new DeviceLostException($"{Device.Name} does not answer any more.")), TaskScheduler.Default);
        return life;
    }

    /// <inheritdoc/>
    public void Dispose() => mark?.Dispose();

    private static string State(ParseResult result) => result.GetValue(CommonOptions.State) ?? RunStore.DefaultState();
}
