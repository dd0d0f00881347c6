namespace CodeTuner.Tensors.Tests.Operations.Cases;

internal static class MlpCases
{
    public static IEnumerable<OperationCase> All =>
    [
        .. from activation in Enum.GetValues<Activation>()
           select new OperationCase($"GatedActivation {activation}", run =>
           {
               foreach (int columns in (int[])[.. OperationCases.Ragged, 40001])
               {
                   Shape shape = new(2, columns);
                   Tensor to = run.Output(shape);
                   run.Backend.GatedActivation(to, run.Input(shape, scale: 3), run.Input(shape), activation);
                   run.Compare($"{shape}", to, 5e-6);
               }
           }),
        .. from activation in Enum.GetValues<Activation>()
           from inPlace in (bool[])[false, true]
           select new OperationCase($"GatedActivationBackward {activation}{(inPlace ? " in place" : "")}", run =>
           {
               foreach (int columns in (int[])[.. OperationCases.Ragged, 40001])
               {
                   Shape shape = new(2, columns);
                   Tensor gate = inPlace ? run.Updated(shape, scale: 3) : run.Input(shape, scale: 3);
                   Tensor up = inPlace ? run.Updated(shape) : run.Input(shape);
                   Tensor dGate = inPlace ? gate : run.Output(shape), dUp = inPlace ? up : run.Output(shape);
                   run.Backend.GatedActivationBackward(dGate, dUp, run.Input(shape), gate, up, activation);
                   run.Compare($"{shape} gate", dGate, 5e-6);
                   run.Compare($"{shape} up", dUp, 5e-6);
               }
           }),

        // Where exp overflows or underflows the result must still be finite.
        .. from activation in Enum.GetValues<Activation>()
           select new OperationCase($"GatedActivation {activation} far out", run =>
           {
               float[] gates = [0, -0f, 1e-30f, -1e-30f, 20, -20, 88, -88, 89, -89, 104, -104, 200, -200, 1e4f, -1e4f, 1e6f, -1e6f];
               Shape shape = new(gates.Length);
               Tensor gate = run.Allocate(shape, DType.Float32), to = run.Output(shape), dGate = run.Output(shape), dUp = run.Output(shape);
               run.Backend.Write(gate, gates);
               Tensor up = run.Input(shape);
               run.Backend.GatedActivation(to, gate, up, activation);
               run.Backend.GatedActivationBackward(dGate, dUp, run.Input(shape), gate, up, activation);
               run.Compare("value", to, 5e-6);
               run.Compare("gate", dGate, 5e-6);
               run.Compare("up", dUp, 5e-6);
           }),
    ];
}
