# When somebody is told, and what to look at first.

locals {
  function_metrics = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloudfunctions2_function.reader.name}\""
  serving_metrics  = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.serving.name}\""
  log_metric       = "resource.type = \"cloud_run_revision\" AND metric.type = \"logging.googleapis.com/user"

  # Each: what is measured (filter, and denominator where it is a share), how it is summed up over `window` seconds, and
  # from which threshold on, kept up for `duration` seconds, it is told.
  alerts = {
    failures = {
      title       = "Sheet reader: more than 5 % of calls fail"
      advice      = "Failed calls are tried again, for a day. Look at the function's logs, severity ERROR: the field cause says what is not answering."
      filter      = "${local.function_metrics} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
      denominator = "${local.function_metrics} AND metric.type = \"run.googleapis.com/request_count\""
      aligner     = "ALIGN_RATE"
      reducer     = "REDUCE_SUM"
      window      = 300
      duration    = 600
      threshold   = 0.05
    }
    uploads_waiting = {
      title       = "Sheet reader: uploads wait for more than 15 minutes"
      advice      = "Events pile up in front of the function: it fails (see the failures alert), or it is at its largest number of instances (function_scaling)."
      filter      = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = starts_with(\"eventarc-${var.region}-${google_cloudfunctions2_function.reader.name}-\") AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      denominator = null
      aligner     = "ALIGN_MAX"
      reducer     = "REDUCE_MAX"
      window      = 60
      duration    = 300
      threshold   = 900
    }
    results_waiting = {
      title       = "Sheet reader: results wait for more than 15 minutes"
      advice      = "The application does not take its results from ${google_pubsub_subscription.app.name}. They are kept for a week."
      filter      = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.app.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      denominator = null
      aligner     = "ALIGN_MAX"
      reducer     = "REDUCE_MAX"
      window      = 60
      duration    = 300
      threshold   = 900
    }
    dead_letters = {
      title       = "Sheet reader: dead letters"
      advice      = "Uploads or results could not be delivered. infra/README.md, «Dead letters», says how to look at them and send them on. The alert closes when they are gone."
      filter      = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = one_of(\"${google_pubsub_subscription.results_dead.name}\", \"${google_pubsub_subscription.uploads_dead.name}\") AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      denominator = null
      aligner     = "ALIGN_MAX"
      reducer     = "REDUCE_SUM"
      window      = 60
      duration    = 0
      threshold   = 0
    }
    unanswered = {
      title       = "Sheet reader: an event was dropped"
      advice      = "An event named no object that could be answered. Its log line (severity ERROR, «event acknowledged without a result») says what it was."
      filter      = "${local.log_metric}/${google_logging_metric.unanswered.name}\""
      denominator = null
      aligner     = "ALIGN_SUM"
      reducer     = "REDUCE_SUM"
      window      = 300
      duration    = 0
      threshold   = 0
    }
    review_rate = {
      title       = "Sheet reader: too many sheets are not read"
      advice      = "Look at the dashboard: which reason grew, since when? A new form, printer or scanner (low_confidence, no_digits), a rule that does not fit the numbers (wrong_length, check_digit, pattern_mismatch), or a new version of the model (then go back to the one before)."
      filter      = "${local.log_metric}/${google_logging_metric.results.name}\" AND metric.labels.status != \"read\""
      denominator = "${local.log_metric}/${google_logging_metric.results.name}\""
      aligner     = "ALIGN_RATE"
      reducer     = "REDUCE_SUM"
      window      = 3600
      duration    = 0
      threshold   = var.review_rate_alert
    }
    serving_latency = {
      title       = "Sheet reader: serving is slow"
      advice      = "The slowest twentieth of the answers takes more than 5 s; at 30 s the function gives up, and the event is tried again. Too few instances (serving_scaling), or cold starts after each pause (keep one warm)."
      filter      = "${local.serving_metrics} AND metric.type = \"run.googleapis.com/request_latencies\""
      denominator = null
      aligner     = "ALIGN_PERCENTILE_95"
      reducer     = "REDUCE_MAX"
      window      = 300
      duration    = 900
      threshold   = 5000
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  display_name = "Sheet reader"
  type         = "email"

  labels = {
    email_address = var.alert_email
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "this" {
  for_each = local.alerts

  display_name          = each.value.title
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.name]

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter             = each.value.filter
      denominator_filter = each.value.denominator
      comparison         = "COMPARISON_GT"
      threshold_value    = each.value.threshold
      duration           = "${each.value.duration}s"
      # No calls, no trouble; only allowed where a condition has to last.
      evaluation_missing_data = each.value.duration > 0 ? "EVALUATION_MISSING_DATA_INACTIVE" : null

      aggregations {
        alignment_period     = "${each.value.window}s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }

      dynamic "denominator_aggregations" {
        for_each = each.value.denominator[*]

        content {
          alignment_period     = "${each.value.window}s"
          per_series_aligner   = each.value.aligner
          cross_series_reducer = each.value.reducer
        }
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }
}
