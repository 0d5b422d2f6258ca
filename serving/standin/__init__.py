"""A stand-in for TensorFlow Serving where that cannot run: same gRPC, same SavedModel, same refusals.

It is made for developing and testing against, and it is not what is deployed. It answers Predict,
GetModelMetadata, GetModelStatus and gRPC health checks as TensorFlow Serving does when it is started with
`--enable_grpc_healthcheck_service --allow_version_labels_for_unavailable_models`, so that clients cannot
tell them apart; the contract tests run against both. What it does differently, it does knowingly:

- the computing is OpenVINO's, whose scores differ from TensorFlow's by less than 1e-6;
- an input whose shape disagrees with the signature is always refused (TensorFlow refuses what its kernels
  cannot do);
- a signature other than `serving_default` is run only if it has the same inputs and outputs;
- a version that fails to load is not tried again until its directory has gone and come back;
- there is no REST, no batching, no classification or regression, no reloading of the configuration.

The way of a request: `services` (gRPC), `catalogue` (which version is meant), `predicting` (checks and
conversion), `tensors`, `engine` (OpenVINO). `faults` wraps all of it to imitate a server in trouble.
"""
