namespace Terrace.Numerics.RandomNumbers.RCompatible;

/// <summary>
/// Binomial counts as R's <c>rbinom</c> draws them.
/// <para>Formula: with p the smaller of prob and 1 - prob: while n p &lt; 30, inversion by adding the probabilities f_x = f_x-1 (g / x - r), r = p / q, g = (n + 1) r;
/// else BTPE: a triangle, a parallelogram and two exponential tails over the scaled density, with squeezes before the exact test.</para>
/// <para>Source: Kachitvichyanukul and Schmeiser (1988), Binomial random variate generation, algorithm BTPE with steps 0-6. Tests: RGeneratorTests.</para>
/// </summary>
internal sealed class RBinomial(MersenneTwister twister)
{
    private int _n;
    private double _p, _q, _r, _g, _np, _npq, _fm, _p1, _p2, _p3, _p4, _c, _xm, _xl, _xr, _leftRate, _rightRate, _noSuccess;
    private int _m;

    public int Next(int size, double prob)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (!(prob >= 0 && prob <= 1)) throw new ArgumentOutOfRangeException(nameof(prob), prob, "A probability lies in 0 ... 1.");
        if (size == 0 || prob == 0) return 0;
        if (prob == 1) return size;
        Prepare(size, Math.Min(prob, 1 - prob));
        int count = _np < 30 ? Invert() : Reject();
        return prob > 0.5 ? size - count : count;
    }

    private void Prepare(int n, double p)
    {
        if (n == _n && p == _p) return;
        (_n, _p, _q) = (n, p, 1 - p);
        _np = n * p;
        _r = p / _q;
        _g = _r * (n + 1);
        if (_np < 30) _noSuccess = Power(_q, n);
        else PrepareRejection();
    }

    private void PrepareRejection()
    {
        _fm = _np + _p;
        _m = (int)_fm;
        _npq = _np * _q;
        _p1 = (int)(2.195 * Math.Sqrt(_npq) - 4.6 * _q) + 0.5;
        _xm = _m + 0.5;
        _xl = _xm - _p1;
        _xr = _xm + _p1;
        _c = 0.134 + 20.5 / (15.3 + _m);
        double a = (_fm - _xl) / (_fm - _xl * _p);
        _leftRate = a * (1.0 + 0.5 * a);
        a = (_xr - _fm) / (_xr * _q);
        _rightRate = a * (1.0 + 0.5 * a);
        _p2 = _p1 * (1.0 + _c + _c);
        _p3 = _p2 + _c / _leftRate;
        _p4 = _p3 + _c / _rightRate;
    }

    private int Invert()
    {
        while (true)
        {
            double f = _noSuccess, u = twister.NextUniform();
            for (int x = 0; ;)
            {
                if (u < f) return x;
                if (x > 110) break;
                u -= f;
                x++;
                f *= _g / x - _r;
            }
        }
    }

    private int Reject()
    {
        while (true)
        {
            double u = twister.NextUniform() * _p4, v = twister.NextUniform();
            if (u <= _p1) return (int)(_xm - _p1 * v + u);
            if (Propose(u, ref v, out int x) && Accept(x, v)) return x;
        }
    }

    /// <summary>A candidate from the parallelogram or a tail, with the height to compare with the density.</summary>
    private bool Propose(double u, ref double v, out int x)
    {
        if (u <= _p2)
        {
            double place = _xl + (u - _p1) / _c;
            v = v * _c + 1.0 - Math.Abs(_xm - place) / _p1;
            x = (int)place;
            return v <= 1 && v > 0;
        }

        if (u > _p3)
        {
            x = (int)(_xr - Math.Log(v) / _rightRate);
            v = v * (u - _p3) * _rightRate;
            return x <= _n;
        }

        x = (int)(_xl + Math.Log(v) / _leftRate);
        v = v * (u - _p2) * _leftRate;
        return x >= 0;
    }

    private bool Accept(int x, double v)
    {
        int k = Math.Abs(x - _m);
        if (k <= 20 || k >= _npq / 2 - 1) return v <= Ratio(x);
        double slack = k / _npq * ((k * (k / 3.0 + 0.625) + 0.1666666666666) / _npq + 0.5);
        double normal = -(double)k * k / (2.0 * _npq), height = Math.Log(v);
        if (height < normal - slack) return true;
        return height <= normal + slack && height <= LogRatio(x);
    }

    /// <summary>f(x) / f(m) by the recursion of the probabilities.</summary>
    private double Ratio(int x)
    {
        double f = 1;
        for (int i = _m + 1; i <= x; i++) f *= _g / i - _r;
        for (int i = x + 1; i <= _m; i++) f /= _g / i - _r;
        return f;
    }

    /// <summary>log f(x) / f(m) by Stirling's series.</summary>
    private double LogRatio(int x)
    {
        double x1 = x + 1, f1 = _fm + 1.0, z = _n + 1.0 - _fm, w = _n - x + 1.0;
        return _xm * Math.Log(f1 / x1) + (_n - _m + 0.5) * Math.Log(z / w) + (x - _m) * Math.Log(w * _p / (x1 * _q))
            + Remainder(f1) + Remainder(z) + Remainder(x1) + Remainder(w);
    }

    private static double Remainder(double x)
    {
        double s = x * x;
        return (13860.0 - (462.0 - (132.0 - (99.0 - 140.0 / s) / s) / s) / s) / x / 166320.0;
    }

    private static double Power(double x, int n)
    {
        double power = 1;
        for (; ; x *= x)
        {
            if ((n & 1) == 1) power *= x;
            if ((n >>= 1) == 0) return power;
        }
    }
}
