namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Averages over the variation between trials of a Wiener process: the starting point uniform on β ± ½ s_β, the nondecision time on τ … τ + s_τ, the drift normal with s_δ. The drift's mean is part of <see cref="WienerPassage"/>; the
/// others are integrals of p by u in ±½ (starting point β + s_β u) and by the time, each by the Gauss–Kronrod rule of 15 points on intervals that are halved until it agrees with the Gauss rule of 7 points to 10⁻⁸ of the whole, when its own
/// error is far smaller. The whole is guessed by a pass without halving.
/// <para>Source: Henrich, Hartmann, Pratz, Voss and Klauer (2024), Behavior Research Methods 56, equations 3 to 6. Nodes: Piessens et al. (1983), QUADPACK. Test: WienerTrialsTests.</para>
/// </summary>
internal static unsafe class WienerTrials
{
    /// <summary>The integral, its derivatives by time, α, start, δ, s_δ, and s_β.</summary>
    public const int Parts = 7;

    private const double Tolerance = 1e-8;
    private const int MaximumDepth = 12;
    private static readonly double[] Nodes = [0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926, 0.741531185599394439863864773280788, 0.586087235467691130294144691693013, 0.405845151377397166906606412076961, 0.207784955007898467600689403773245, 0];
    private static readonly double[] Weights = [0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518, 0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014, 0.204432940075298892414161999234649, 0.209482141084727828012999174891714];
    private static readonly double[] GaussWeights = [0.129484966168869693270611432679082, 0.279705391489276667901467771423780, 0.381830050505118944950369775488975, 0.417959183673469387755102040816327];

    /// <summary>The parameters: α, β, δ, s_δ, s_β.</summary>
    public readonly record struct Process(double Alpha, double Beta, double Delta, double DriftSpread, double StartSpread);

    /// <summary>The density at time t, averaged over starting points, and its derivatives.</summary>
    public static void Density(string function, in Process process, double t, Span<double> result) => Density(function, process, t, 0, 0, result);

    private static void Density(string function, in Process process, double t, double absolute, int depth, Span<double> result)
    {
        if (process.StartSpread == 0) At(function, process, t, 0, result);
        else fixed (Process* pointer = &process) Adapt(new Job(function, pointer, t, false, default, 0, depth), -0.5, 0.5, absolute, depth, result);
    }

    /// <summary>The integral of the averaged density from <paramref name="from"/> to <paramref name="to"/> by the time.</summary>
    public static void Integrate(string function, in Process process, double from, double to, delegate*<double, double, double, double> weight, double first, double second, Span<double> result)
    {
        result.Clear();
        if (!(to > from)) return;
        var weighing = new Weighing(weight, first, second);
        double guess = Panels(function, process, from, to, weighing, 0, MaximumDepth, result);
        Panels(function, process, from, to, weighing, Tolerance * guess, 0, result);
    }

    private static double Panels(string function, in Process process, double from, double to, Weighing weighing, double absolute, int depth, Span<double> result)
    {
        Span<double> panel = stackalloc double[Parts];
        result.Clear();
        fixed (Process* pointer = &process)
        {
            // The density is flat at 0, has its mode near α²/10 and an exponential tail: panels that double.
            double area = process.Alpha * process.Alpha, start = from;
            while (start < to)
            {
                double end = Math.Min(to, Math.Max(2 * start, start + (area / 32)));
                Adapt(new Job(function, pointer, 0, true, weighing, absolute / (end - start), depth), start, end, absolute, depth, panel);
                for (int i = 0; i < Parts; i++) result[i] += panel[i];
                if (panel[0] <= 1e-17 * result[0] && start > area) break;
                start = end;
            }
        }
        return result[0];
    }

    private readonly struct Weighing(delegate*<double, double, double, double> function, double first, double second)
    {
        public double Of(double t) => function == null ? 1 : function(t, first, second);
    }

    private readonly struct Job(string function, Process* process, double time, bool overTime, Weighing weighing, double absolute, int depth)
    {
        public readonly string Function = function;
        public readonly Process* Process = process;
        private readonly double _time = time;
        private readonly Weighing _weighing = weighing;

        public void Evaluate(double x, Span<double> result)
        {
            if (!overTime)
            {
                At(Function, *Process, _time, x, result);
                return;
            }
            Density(Function, *Process, x, absolute, depth, result);
            double weight = _weighing.Of(x);
            for (int i = 0; i < Parts; i++) result[i] *= weight;
        }
    }

    /// <summary>The density with the starting point moved by u s_β.</summary>
    private static void At(string function, in Process process, double t, double u, Span<double> result)
    {
        result.Clear();
        if (!(t > 0)) return;
        double* x = stackalloc double[5] { t, process.Alpha, 0, process.Beta + (process.StartSpread * u), process.Delta }, d = stackalloc double[5];
        double p = Math.Exp(WienerPassage.Log(function, x, d, process.DriftSpread, out double byDriftSpread));
        result[0] = p;
        if (p == 0) return;
        result[1] = p * d[0];
        result[2] = p * d[1];
        result[3] = p * d[3];
        result[4] = p * d[4];
        result[5] = p * byDriftSpread;
        result[6] = p * d[3] * u;
    }

    private static void Adapt(in Job job, double a, double b, double absolute, int depth, Span<double> result)
    {
        Span<double> at = stackalloc double[Parts];
        double centre = 0.5 * (a + b), half = 0.5 * (b - a), gauss = 0;
        result.Clear();
        for (int k = 0; k < 15; k++)
        {
            int node = k < 8 ? k : 14 - k;
            job.Evaluate(centre + ((k < 8 ? -half : half) * Nodes[node]), at);
            for (int i = 0; i < Parts; i++) result[i] += Weights[node] * half * at[i];
            if ((node & 1) != 0) gauss += GaussWeights[node >> 1] * half * at[0];
        }
        if (depth == 0) absolute = Math.Max(absolute, Tolerance * result[0]);
        if (depth == MaximumDepth || Math.Abs(result[0] - gauss) <= absolute) return;
        Span<double> right = stackalloc double[Parts];
        Adapt(job, a, centre, absolute, depth + 1, result);
        Adapt(job, centre, b, absolute, depth + 1, right);
        for (int i = 0; i < Parts; i++) result[i] += right[i];
    }
}
