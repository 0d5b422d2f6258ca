# The whole deployment, applied against a provider that only knows the resources' shapes: no cloud, no cost.

mock_provider "google" {
  source = "./tests/mocks"
}

variables {
  project          = "example-project"
  region           = "europe-west1"
  serving_image    = "europe-west1-docker.pkg.dev/example-project/sheet-id/serving@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  function_archive = "versions.tf" # any file will do
  alert_email      = "someone@example.com"
}

# One run each for the defaults and the options: every run plans and applies anew, which takes seconds.

run "with_its_defaults" {
  # Only the function may ask serving.

  assert {
    condition     = google_cloud_run_v2_service_iam_binding.serving_invokers.members == toset(["serviceAccount:sheet-reader@p.iam"])
    error_message = "Somebody else than the function's account may invoke serving."
  }

  assert {
    condition = (
      google_cloud_run_v2_service_iam_binding.serving_invokers.role == "roles/run.invoker"
      && google_cloud_run_v2_service_iam_binding.serving_invokers.name == google_cloud_run_v2_service.serving.name
    )
    error_message = "The binding does not govern who may invoke serving."
  }

  assert {
    condition     = coalesce(google_cloud_run_v2_service.serving.invoker_iam_disabled, false) == false
    error_message = "Serving does not ask who is calling."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].service_account_email == "sheet-reader@p.iam"
    error_message = "The function does not run as the account that may invoke serving."
  }

  # Only the trigger may call the function.

  assert {
    condition     = google_cloud_run_v2_service_iam_binding.function_invokers.members == toset(["serviceAccount:sheet-trigger@p.iam"])
    error_message = "Somebody else than the trigger's account may invoke the function."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.event_trigger[0].service_account_email == "sheet-trigger@p.iam"
    error_message = "Events are not delivered as the account that may invoke the function."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    error_message = "The function can be reached from outside."
  }

  # Each workload has its own account.

  assert {
    condition = length(distinct([
      google_cloudfunctions2_function.reader.service_config[0].service_account_email,
      google_cloudfunctions2_function.reader.event_trigger[0].service_account_email,
      google_cloud_run_v2_service.serving.template[0].service_account,
      google_service_account.app.email,
      google_service_account.build.email,
      google_service_account.release.email,
    ])) == 6
    error_message = "Two workloads share an account."
  }

  # Uploads reach the function until they are answered.

  assert {
    condition     = google_cloudfunctions2_function.reader.event_trigger[0].event_type == "google.cloud.storage.object.v1.finalized"
    error_message = "The function is not called when an upload is complete."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.event_trigger[0].retry_policy == "RETRY_POLICY_RETRY"
    error_message = "A failed event is dropped instead of delivered again."
  }

  assert {
    condition = [
      for filter in google_cloudfunctions2_function.reader.event_trigger[0].event_filters : filter.value if filter.attribute == "bucket"
    ] == [google_storage_bucket.sheets.name]
    error_message = "The function is not triggered by the sheets' bucket."
  }

  assert {
    condition = (
      google_cloudfunctions2_function.reader.event_trigger[0].trigger_region == google_storage_bucket.sheets.location
      && google_cloudfunctions2_function.reader.location == google_storage_bucket.sheets.location
    )
    error_message = "The trigger is not in the bucket's region."
  }

  assert {
    condition     = google_project_iam_member.storage_agent_publishes.member == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    error_message = "Cloud Storage's agent may not announce uploads."
  }

  assert {
    condition     = tonumber(google_cloudfunctions2_function.reader.service_config[0].environment_variables["SHEETID_PREDICT_TIMEOUT_SECONDS"]) < min(tonumber(trimsuffix(google_cloud_run_v2_service.serving.template[0].timeout, "s")), google_cloudfunctions2_function.reader.service_config[0].timeout_seconds)
    error_message = "Serving or the function is stopped before the deadline of a Predict."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].timeout_seconds <= 540
    error_message = "Event handlers may run for 540 s at most."
  }

  # The function is told what it needs.

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].environment_variables["SHEETID_SERVING_AUDIENCE"] == google_cloud_run_v2_service.serving.uri
    error_message = "The audience of the ID token is not the serving service's URI."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].environment_variables["SERVING_TARGET"] == "sheet-serving-abcdef-ew.a.run.app:443"
    error_message = "The target is not the serving service, host and port."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].environment_variables["SHEETID_TOPIC"] == google_pubsub_topic.results.id
    error_message = "Results are not published on the results topic."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].environment_variables["SHEETID_BUCKET"] == google_storage_bucket.sheets.name
    error_message = "The function does not read the sheets' bucket."
  }

  assert {
    condition     = google_cloudfunctions2_function.reader.service_config[0].environment_variables["THREADS"] == tostring(google_cloudfunctions2_function.reader.service_config[0].max_instance_request_concurrency)
    error_message = "The function has not as many threads as it is given sheets at once."
  }

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.reader.service_config[0].environment_variables), "SHEETID_CHECK")
    error_message = "A rule that was not set is passed on."
  }

  # Results are valid, and kept.

  assert {
    condition = (
      google_pubsub_topic.results.schema_settings[0].encoding == "JSON"
      && google_pubsub_topic.results.schema_settings[0].schema == google_pubsub_schema.sheet_result.id
      && google_pubsub_schema.sheet_result.type == "PROTOCOL_BUFFER"
    )
    error_message = "The topic does not check its messages against the schema."
  }

  assert {
    condition     = google_pubsub_schema.sheet_result.definition == file("schemas/sheet_result.proto")
    error_message = "The schema is not the project's."
  }

  assert {
    condition = alltrue([
      for subscription in [
        google_pubsub_subscription.app,
        google_pubsub_subscription.release_check,
        google_pubsub_subscription.results_dead,
        google_pubsub_subscription.uploads_dead,
      ] : subscription.expiration_policy[0].ttl == ""
    ])
    error_message = "A subscription disappears when it is not used for a month."
  }

  # Dead letters are wired up.

  assert {
    condition     = google_pubsub_subscription.app.dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.results_dead.id
    error_message = "Results that the application cannot take are not moved aside."
  }

  assert {
    condition = (
      google_pubsub_subscription.results_dead.topic == google_pubsub_topic.results_dead.id
      && google_pubsub_subscription.uploads_dead.topic == google_pubsub_topic.uploads_dead.id
    )
    error_message = "A dead-letter topic keeps nothing, since nobody is subscribed to it."
  }

  assert {
    condition = (
      google_pubsub_topic_iam_member.dead_letters["results"].topic == google_pubsub_topic.results_dead.id
      && google_pubsub_topic_iam_member.dead_letters["uploads"].topic == google_pubsub_topic.uploads_dead.id
      && alltrue([
        for grant in google_pubsub_topic_iam_member.dead_letters :
        grant.role == "roles/pubsub.publisher" && grant.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
      ])
    )
    error_message = "Pub/Sub's agent may not publish dead letters."
  }

  assert {
    condition = (
      google_pubsub_subscription_iam_member.dead_letters.subscription == google_pubsub_subscription.app.id
      && google_pubsub_subscription_iam_member.dead_letters.role == "roles/pubsub.subscriber"
      && google_pubsub_subscription_iam_member.dead_letters.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    )
    error_message = "Pub/Sub's agent may not take undeliverable results off the subscription."
  }

  assert {
    condition     = strcontains(output.dead_letter_command, "--dead-letter-topic=${google_pubsub_topic.uploads_dead.id}")
    error_message = "The command for the trigger's subscription does not name its dead-letter topic."
  }

  # 100 attempts, 10 s to 600 s apart, take some 15.8 h: 10+20+40+80+160+320 s, then 94 times 600 s.
  assert {
    condition     = tonumber(google_cloudfunctions2_function.reader.service_config[0].environment_variables["SHEETID_MAX_EVENT_AGE_SECONDS"]) < 630 + 94 * 600
    error_message = "An upload ends as a dead letter before the function may answer that it expired."
  }

  # Serving speaks gRPC.

  assert {
    condition     = google_cloud_run_v2_service.serving.template[0].containers[0].ports[0].name == "h2c"
    error_message = "Without h2c, Cloud Run speaks HTTP/1.1 to the container and gRPC fails."
  }

  assert {
    condition = alltrue([
      for probe in [
        google_cloud_run_v2_service.serving.template[0].containers[0].startup_probe[0].grpc[0],
        google_cloud_run_v2_service.serving.template[0].containers[0].liveness_probe[0].grpc[0],
      ] : probe.port == google_cloud_run_v2_service.serving.template[0].containers[0].ports[0].container_port && probe.service == "PredictionService"
    ])
    error_message = "A probe asks another port, or a service whose health TensorFlow Serving does not tell."
  }

  # Sheets are private, and stay.

  assert {
    condition = alltrue([
      for bucket in [google_storage_bucket.sheets, google_storage_bucket.sources] :
      bucket.uniform_bucket_level_access && bucket.public_access_prevention == "enforced"
    ])
    error_message = "A bucket could be made public."
  }

  assert {
    condition     = google_storage_bucket.sheets.force_destroy == false
    error_message = "terraform destroy would delete the sheets."
  }

  assert {
    condition     = length([for rule in google_storage_bucket.sheets.lifecycle_rule : rule if one(rule.action).type == "Delete" && one(rule.condition).age == 3650]) == 0
    error_message = "Sheets are deleted although nobody said so."
  }

  # Somebody is told.

  assert {
    condition     = keys(google_monitoring_alert_policy.this) == ["dead_letters", "failures", "results_waiting", "review_rate", "serving_latency", "unanswered", "uploads_waiting"]
    error_message = "An alert is missing, or one was added without being listed here."
  }

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.this : policy.notification_channels == tolist([google_monitoring_notification_channel.email.name])])
    error_message = "An alert tells nobody."
  }

  assert {
    condition     = length(google_billing_budget.this) == 0
    error_message = "There is a budget although none was asked for."
  }

  # The release may do little.

  assert {
    condition     = strcontains(google_storage_bucket_iam_member.release_uploads_sample.condition[0].expression, "/objects/release-check/")
    error_message = "The release may upload more than sample sheets."
  }

  assert {
    condition     = google_pubsub_subscription.app.filter == "NOT hasPrefix(attributes.objectId, \"release-check/\")"
    error_message = "The application is bothered with sample sheets."
  }

  assert {
    condition = (
      google_service_account_iam_member.release_asks_as_function.service_account_id == google_service_account.function.name
      && google_service_account_iam_member.release_asks_as_function.role == "roles/iam.serviceAccountOpenIdTokenCreator"
    )
    error_message = "The smoke test cannot ask in the function's name, or could do more than that."
  }
}

run "with_every_option" {
  variables {
    upload_prefix           = "uploads/"
    model_label             = "canary"
    sheet_number            = { length = "7", check = "luhn", pattern = "[1-9][0-9]*" }
    sheet_delete_after_days = 3650
    deletion_protection     = false
    budget                  = { billing_account = "012345-6789AB-CDEF01", amount = 50 }
  }

  assert {
    condition = [
      for name in ["PREFIX", "MODEL_LABEL", "LENGTH", "CHECK", "PATTERN"] :
      google_cloudfunctions2_function.reader.service_config[0].environment_variables["SHEETID_${name}"]
    ] == ["uploads/", "canary", "7", "luhn", "[1-9][0-9]*"]
    error_message = "A rule does not reach the function."
  }

  assert {
    condition     = google_pubsub_subscription.release_check.filter == "hasPrefix(attributes.objectId, \"uploads/release-check/\")"
    error_message = "The release's sample sheet lies outside the prefix that is read."
  }

  assert {
    condition     = length([for rule in google_storage_bucket.sheets.lifecycle_rule : rule if one(rule.action).type == "Delete" && one(rule.condition).age == 3650]) == 1
    error_message = "sheet_delete_after_days has no effect."
  }

  assert {
    condition     = google_storage_bucket.sheets.force_destroy && !google_cloud_run_v2_service.serving.deletion_protection
    error_message = "Without its protection, the deployment still cannot be destroyed."
  }

  assert {
    condition = (
      google_billing_budget.this[0].amount[0].specified_amount[0].units == "50"
      && google_billing_budget.this[0].budget_filter[0].projects == toset(["projects/123456789012"])
      && google_billing_budget.this[0].all_updates_rule[0].monitoring_notification_channels == tolist([google_monitoring_notification_channel.email.id])
    )
    error_message = "The budget is not the one that was asked for."
  }
}
