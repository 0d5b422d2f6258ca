# The function that reads a sheet when it is uploaded. As with serving: Terraform owns its shape, the releases its sources.

locals {
  # One vCPU, and as many sheets at once as threads to read them: while one waits for the network, another is read.
  function_concurrency = 4

  # Long enough for an instance of serving to start and load the model: Cloud Run holds the request until then.
  predict_seconds = 30

  # After this, an upload that could not be read is answered `rejected: expired`. It has to be sooner than the trigger's
  # subscription gives up (100 attempts, some 16 hours): what lands in the dead letters is only what nobody could answer.
  event_max_age_seconds = 14 * 3600

  function_environment = {
    SHEETID_TOPIC                   = google_pubsub_topic.results.id
    SHEETID_BUCKET                  = google_storage_bucket.sheets.name
    SHEETID_PREFIX                  = var.upload_prefix == "" ? null : var.upload_prefix
    SHEETID_LENGTH                  = var.sheet_number.length
    SHEETID_CHECK                   = var.sheet_number.check
    SHEETID_PATTERN                 = var.sheet_number.pattern
    SHEETID_MODEL_LABEL             = var.model_label
    SHEETID_PREDICT_TIMEOUT_SECONDS = tostring(local.predict_seconds)
    SERVING_TARGET                  = "${trimprefix(google_cloud_run_v2_service.serving.uri, "https://")}:443"
    SHEETID_SERVING_AUDIENCE        = google_cloud_run_v2_service.serving.uri
    SHEETID_MAX_EVENT_AGE_SECONDS   = tostring(local.event_max_age_seconds)
    THREADS                         = tostring(local.function_concurrency) # functions-framework's
  }
}

resource "google_cloudfunctions2_function" "reader" {
  name        = "sheet-reader"
  location    = var.region
  description = "Reads the number of every sheet uploaded to ${google_storage_bucket.sheets.name}."

  build_config {
    runtime           = "python311"
    entry_point       = "handle_upload"
    docker_repository = google_artifact_registry_repository.images.id
    service_account   = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.function.name
      }
    }

    # Security patches of the runtime arrive without a release.
    automatic_update_policy {}
  }

  service_config {
    service_account_email = google_service_account.function.email
    available_cpu         = "1"
    # Four scans at their largest (40 megapixels): 100 MB each as JPEG, which is decoded in part, 300 MB as PNG.
    available_memory                 = "2Gi"
    max_instance_request_concurrency = local.function_concurrency
    min_instance_count               = var.function_scaling.min_instances
    max_instance_count               = var.function_scaling.max_instances
    timeout_seconds                  = 120
    ingress_settings                 = "ALLOW_INTERNAL_ONLY" # events come from inside
    all_traffic_on_latest_revision   = true
    environment_variables            = { for name, value in local.function_environment : name => value if value != null }
  }

  event_trigger {
    event_type            = "google.cloud.storage.object.v1.finalized"
    trigger_region        = var.region
    retry_policy          = "RETRY_POLICY_RETRY" # otherwise one failure loses the sheet
    service_account_email = google_service_account.trigger.email

    event_filters {
      attribute = "bucket"
      value     = google_storage_bucket.sheets.name
    }
  }

  lifecycle {
    ignore_changes = [build_config[0].source]
  }

  # Created any earlier, the trigger finds its accounts without their roles and fails.
  depends_on = [
    google_artifact_registry_repository_iam_member.build_pushes,
    google_cloud_run_v2_service_iam_binding.serving_invokers,
    google_project_iam_member.build_logs,
    google_project_iam_member.build_reads_handover,
    google_project_iam_member.storage_agent_publishes,
    google_project_iam_member.trigger_receives,
    google_pubsub_topic_iam_member.function_publishes,
    google_storage_bucket_iam_member.build_reads_sources,
    google_storage_bucket_iam_member.function_reads,
  ]
}
