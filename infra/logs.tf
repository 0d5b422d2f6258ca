# Metrics made from the function's log lines: each answered upload leaves one (function/sheetid/handler.py).

locals {
  function_logs = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=\"${google_cloudfunctions2_function.reader.name}\"",
  ])
  answered = "${local.function_logs} AND jsonPayload.logger=\"sheetid.handler\" AND jsonPayload.status:*"
}

resource "google_logging_metric" "results" {
  name        = "sheet_results"
  description = "Answered uploads, by status, reason and version of the model."
  filter      = local.answered

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key         = "status"
      description = "read, review or rejected"
    }
    labels {
      key         = "reason"
      description = "why it was not read"
    }
    labels {
      key         = "model_version"
      description = "the version that TensorFlow Serving answered with"
    }
  }

  label_extractors = {
    status        = "EXTRACT(jsonPayload.status)"
    reason        = "EXTRACT(jsonPayload.reason)"
    model_version = "EXTRACT(jsonPayload.modelVersion)"
  }
}

# How long an upload waits for its answer: what the user of the application feels.
resource "google_logging_metric" "age" {
  name            = "sheet_age"
  description     = "Time from the upload until the function took it up for the answer."
  filter          = "${local.answered} AND jsonPayload.eventAgeMs:*"
  value_extractor = "EXTRACT(jsonPayload.eventAgeMs)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"
  }

  bucket_options {
    exponential_buckets {
      num_finite_buckets = 32
      growth_factor      = 2
      scale              = 10
    }
  }
}

# Confidence of what was read: it sinks before readings go wrong, when a printer, a scanner or a form changes.
resource "google_logging_metric" "confidence" {
  name            = "sheet_confidence"
  description     = "Confidence of the numbers, read or left for review."
  filter          = "${local.answered} AND jsonPayload.confidence:*"
  value_extractor = "EXTRACT(jsonPayload.confidence)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "1"
  }

  bucket_options {
    linear_buckets {
      num_finite_buckets = 20
      width              = 0.05
      offset             = 0
    }
  }
}

# Events that name no object: nothing can be published for them, so somebody has to look.
resource "google_logging_metric" "unanswered" {
  name        = "sheet_events_unanswered"
  description = "Events acknowledged without a result."
  filter      = "${local.function_logs} AND jsonPayload.message:\"event acknowledged without a result\""

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }
}
