using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>How a parameter that is one number for all rows lies on the real line.</summary>
internal enum AuxiliaryKind
{
    /// <summary>v = unit e^t; the density takes log v.</summary>
    Positive,

    /// <summary>v = 1 + e^t (degrees of freedom, as brms bounds them); the density takes log v.</summary>
    AboveOne,

    /// <summary>v = logistic(t); the density takes t.</summary>
    Probability,

    /// <summary>v = tanh(t), a correlation; the density takes t.</summary>
    Correlation,

    /// <summary>The first of ordered thresholds: v = unit t; the density takes v.</summary>
    FirstThreshold,

    /// <summary>A later threshold: the one before plus e^t.</summary>
    NextThreshold,
}

/// <summary>A parameter that is one number: its name in draws, how it lies on the real line, its prior.</summary>
internal sealed record AuxiliaryParameter(string Name, AuxiliaryKind Kind, Prior Prior, double Unit = 1);

/// <summary>The values of the parameters that are one number, from their coordinates, with their log prior. A workspace of one thread. Checked in <c>BayesianDensityTests</c>.</summary>
internal sealed class AuxiliaryParameters(IReadOnlyList<AuxiliaryParameter> parameters)
{
    private readonly AuxiliaryParameter[] _parameters = [.. parameters];
    private readonly double[] _slope = new double[parameters.Count];

    /// <summary>The number of coordinates.</summary>
    public int Count => _parameters.Length;

    /// <summary>The parameters v.</summary>
    public double[] Values { get; } = new double[parameters.Count];

    /// <summary>What the densities take.</summary>
    public double[] Psi { get; } = new double[parameters.Count];

    /// <summary>Takes the coordinates and returns the log prior density.</summary>
    public double Set(ReadOnlySpan<double> t, bool includeJacobian)
    {
        double sum = 0;
        for (int k = 0; k < _parameters.Length; k++)
        {
            AuxiliaryParameter parameter = _parameters[k];
            double logJacobian = 0;
            switch (parameter.Kind)
            {
                case AuxiliaryKind.Positive:
                    Psi[k] = t[k] + Math.Log(parameter.Unit);
                    Values[k] = Math.Exp(Psi[k]);
                    logJacobian = Psi[k];
                    break;
                case AuxiliaryKind.AboveOne:
                    Values[k] = 1 + Math.Exp(t[k]);
                    Psi[k] = LogisticFunction.Log1pExp(t[k]);
                    logJacobian = t[k];
                    break;
                case AuxiliaryKind.Probability:
                    Psi[k] = t[k];
                    Values[k] = LogisticFunction.Logistic(t[k]);
                    logJacobian = -LogisticFunction.Log1pExp(t[k]) - LogisticFunction.Log1pExp(-t[k]);
                    break;
                case AuxiliaryKind.Correlation:
                    Psi[k] = t[k];
                    Values[k] = Math.Tanh(t[k]);
                    logJacobian = 2 * (Math.Log(2) - Math.Abs(t[k]) - LogisticFunction.Log1pExp(-2 * Math.Abs(t[k])));
                    break;
                case AuxiliaryKind.FirstThreshold:
                    Values[k] = Psi[k] = parameter.Unit * t[k];
                    logJacobian = Math.Log(parameter.Unit);
                    break;
                default:
                    Values[k] = Psi[k] = Values[k - 1] + Math.Exp(t[k]);
                    logJacobian = t[k];
                    break;
            }
            PriorValue prior = parameter.Prior.Evaluate(Values[k]);
            _slope[k] = prior.Slope;
            sum += prior.LogDensity + (includeJacobian ? logJacobian : 0);
        }
        return sum;
    }

    /// <summary>Overwrites <paramref name="gradient"/> by the derivatives in the coordinates, given those of the rest in ψ.</summary>
    public void Gradient(ReadOnlySpan<double> byPsi, bool includeJacobian, Span<double> gradient)
    {
        double jacobian = includeJacobian ? 1 : 0, later = 0;
        for (int k = _parameters.Length - 1; k >= 0; k--)
        {
            double v = Values[k];
            switch (_parameters[k].Kind)
            {
                case AuxiliaryKind.Positive:
                    gradient[k] = byPsi[k] + _slope[k] * v + jacobian;
                    break;
                case AuxiliaryKind.AboveOne:
                    gradient[k] = (v - 1) * (byPsi[k] / v + _slope[k]) + jacobian;
                    break;
                case AuxiliaryKind.Probability:
                    gradient[k] = byPsi[k] + _slope[k] * v * (1 - v) + jacobian * (1 - 2 * v);
                    break;
                case AuxiliaryKind.Correlation:
                    gradient[k] = byPsi[k] + _slope[k] * (1 - v * v) - 2 * jacobian * v;
                    break;
                case AuxiliaryKind.FirstThreshold:
                    gradient[k] = _parameters[k].Unit * (later + byPsi[k] + _slope[k]);
                    later = 0;
                    break;
                default:
                    later += byPsi[k] + _slope[k];
                    gradient[k] = later * (v - Values[k - 1]) + jacobian;
                    break;
            }
        }
    }

    /// <summary>The coordinates of values.</summary>
    /// <exception cref="ArgumentException">A value is outside its support.</exception>
    public void Invert(ReadOnlySpan<double> values, Span<double> t)
    {
        for (int k = 0; k < _parameters.Length; k++)
        {
            AuxiliaryParameter parameter = _parameters[k];
            t[k] = parameter.Kind switch
            {
                AuxiliaryKind.Positive => Math.Log(values[k] / parameter.Unit),
                AuxiliaryKind.AboveOne => Math.Log(values[k] - 1),
                AuxiliaryKind.Probability => LogisticFunction.Logit(values[k]),
                AuxiliaryKind.Correlation => Math.Atanh(values[k]),
                AuxiliaryKind.FirstThreshold => values[k] / parameter.Unit,
                _ => Math.Log(values[k] - values[k - 1]),
            };
            if (!double.IsFinite(t[k])) throw new ArgumentException($"'{parameter.Name}' cannot be {values[k]}.", nameof(values));
        }
    }
}
