using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>Refits of a generalised linear mixed model by the engine of the original fit: Laplace, quadrature or the joint mode.</summary>
/// <remarks>The criterion is <see cref="LaplaceDeviance"/>, <see cref="QuadratureDeviance"/> or <see cref="JointModeDeviance"/> (Bates 2011, section 5.2). Every search begins at the original
/// modes. Check: RefitTests.</remarks>
internal sealed class GeneralizedRefit : RefitModel
{
    private const double ModeTolerance = 1e-10;
    private readonly int _points;
    private readonly double[] _spherical;
    private readonly LaplaceParameters _parameters;
    private readonly Matrix? _hessian;
    private readonly double[] _diagonal;

    public GeneralizedRefit(MixedModelFit fit, int points, string purpose) : base(fit, purpose)
    {
        _points = points;
        _spherical = OriginalSpherical();
        var laplace = new LaplaceDeviance(SearchCells, Observations, Data.Information);
        _spherical.CopyTo(laplace.Modes.Spherical, 0);
        Objective criterion = GeneralizedLinearMixedModel.Criterion(SearchCells, Observations, laplace, points, out _);
        _parameters = LaplaceParameters.Around(SearchCells, Observations, laplace, criterion, SearchTheta(), _spherical, points == 0);
        _hessian = HessianAt(_parameters.Evaluate, _parameters.StartPoint);
        _diagonal = _parameters.CurvatureGuess();
    }

    public override RefitWorkspace CreateWorkspace() => new Workspace(this);

    private sealed class Workspace : RefitWorkspace
    {
        private readonly GeneralizedRefit _model;
        private readonly LaplaceDeviance _laplace;
        private readonly Objective _criterion;
        private readonly LaplaceParameters _parameters;
        private readonly Action _reset;

        public Workspace(GeneralizedRefit model) : base(model.Observations.ForReplacement())
        {
            _model = model;
            _laplace = new LaplaceDeviance(model.SearchCells, Observations, model.Data.Information);
            _laplace.Modes.Tolerance = ModeTolerance;
            _criterion = GeneralizedLinearMixedModel.Criterion(model.SearchCells, Observations, _laplace, model._points, out _reset);
            _parameters = model._parameters.For(_laplace, _criterion);
        }

        public override RefittedModel Fit(CancellationToken cancellation)
        {
            InputChecks.OutcomeVaries(Observations, _model.Fit.ResponseName);
            _reset();
            _model._spherical.CopyTo(_laplace.Modes.Spherical, 0);
            var search = new VarianceSearch(_model.Cells.Layout, _parameters.Evaluate, _parameters.Count, 500, cancellation) { InitialHessian = _model._hessian, RelativeReduction = RelativeReduction };
            double[] point = search.Minimize([.. _parameters.StartPoint], _model._diagonal);
            double[] natural = _parameters.Natural(point);
            double criterion = _criterion(natural, []);
            double[] theta = natural[.._model.Cells.Layout.ThetaCount];
            return _model.Result(theta, GeneralizedLinearMixedModel.Scale(Observations, _laplace.Modes), _laplace.Modes.Spherical, criterion, search);
        }
    }
}
