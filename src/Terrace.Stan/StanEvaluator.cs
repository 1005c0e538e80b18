using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;

namespace Terrace.Stan;

/// <summary>Evaluates a bound program for one thread.</summary>
internal sealed class StanEvaluator : ILogDensity
{
    private static readonly Rejection NotFinite = new("The log density is not finite.");
    private readonly BoundStanModel _model;
    private readonly Workspace _w;
    private readonly int _base, _intBase;

    public StanEvaluator(BoundStanModel model)
    {
        _model = model;
        _w = model.NewWorkspace();
        _base = _w.Top;
        _intBase = _w.IntTop;
        _w.Output = new double[model.Layout.Count];
    }

    /// <inheritdoc/>
    public int Dimension => _model.Dimension;

    /// <inheritdoc/>
    public DensityValue Evaluate(ReadOnlySpan<double> position, Span<double> gradient, bool includeJacobian = true)
    {
        Action<Workspace> method = _model.Model.LogDensity;
        Workspace w = _w;
        w.IncludeJacobian = includeJacobian;
        while (true)
        {
            try
            {
                Begin(position, true);
                method(w);
                if (!double.IsFinite(w.Target)) return DensityValue.Reject(NotFinite);
                w.Reverse();
                w.A.AsSpan(w.Position, Dimension).CopyTo(gradient);
                return new DensityValue(w.Target);
            }
            catch (ArenaFullException full)
            {
                _model.Grow(_w, full);
            }
            catch (StanFaultException fault) when (fault.Kind == StanFaultKind.Rejection)
            {
                return DensityValue.Reject(new Rejection(fault.Message, StanRunException.PlaceOf(w, _model.Model) is { } at ? $"{at.Source.Name}:{at.Line}" : ""));
            }
            catch (StanFaultException fault)
            {
                throw StanRunException.Of(fault, w, _model.Model);
            }
        }
    }

    private void Begin(ReadOnlySpan<double> position, bool differentiating)
    {
        Workspace w = _w;
        if (w.CheckLimits is not null) w.Started = w.Clock.GetTimestamp();
        w.Functions = _model.Model.Emitter.CompiledFunctions;
        w.Top = _base;
        w.IntTop = _intBase;
        w.CodeTop = 0;
        w.WTop = 0;
        w.Depth = 0;
        w.Target = 0;
        w.Differentiating = differentiating;
        w.A[Workspace.TargetSlot] = 1;
        w.Position = w.AllocateSlots(Dimension);
        position.CopyTo(w.V.AsSpan(w.Position, Dimension));
    }

    /// <inheritdoc/>
    public void WriteDraw(ReadOnlySpan<double> position, Rng rng, Span<double> draw)
    {
        Action<Workspace> method = _model.Model.WriteDraw;
        RngState state = rng.State;
        while (true)
        {
            try
            {
                Begin(position, false);
                Array.Fill(_w.Output, double.NaN);
                _w.Rng = rng;
                method(_w);
                break;
            }
            catch (ArenaFullException full)
            {
                _model.Grow(_w, full);
                rng.Restore(state);
            }
            catch (StanFaultException fault) when (fault.Kind == StanFaultKind.Rejection)
            {
                // As CmdStan does, a draw whose generated quantities are rejected keeps its parameters; the rest stays NaN.
                break;
            }
            catch (StanFaultException fault)
            {
                throw StanRunException.Of(fault, _w, _model.Model);
            }
        }
        _w.Output.AsSpan(0, draw.Length).CopyTo(draw);
    }

    /// <inheritdoc/>
    public void Unconstrain(ReadOnlySpan<double> values, Span<double> position) => Unconstrain(values, position, false);

    /// <summary>The same, but parameters whose values are all NaN keep their part of <paramref name="position"/>.</summary>
    public void Complete(ReadOnlySpan<double> values, Span<double> position) => Unconstrain(values, position, true);

    private void Unconstrain(ReadOnlySpan<double> values, Span<double> position, bool fillsGaps)
    {
        Action<Workspace> method = _model.Model.Unconstrain;
        double[] before = fillsGaps ? position[..Dimension].ToArray() : new double[Dimension];
        _w.FillsGaps = fillsGaps;
        _w.IncludeJacobian = false;
        while (true)
        {
            try
            {
                Begin(before, false);
                values[..Math.Min(values.Length, _w.Output.Length)].CopyTo(_w.Output);
                method(_w);
                _w.V.AsSpan(_w.Position, Dimension).CopyTo(position);
                return;
            }
            catch (ArenaFullException full)
            {
                _model.Grow(_w, full);
            }
            catch (StanFaultException fault)
            {
                throw StanRunException.Of(fault, _w, _model.Model);
            }
        }
    }
}
