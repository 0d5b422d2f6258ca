# Who may do what. Every role is given on the one thing that it is needed for; where a role has to be given on the
# project, a comment says why. infra/checks/roles.py lists the roles that may appear here.

# The function reads sheets, asks serving, publishes results.

resource "google_storage_bucket_iam_member" "function_reads" {
  bucket = google_storage_bucket.sheets.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.function.member
}

resource "google_pubsub_topic_iam_member" "function_publishes" {
  topic  = google_pubsub_topic.results.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.function.member
}

# A binding, not a member: whoever else was given the role by hand loses it at the next apply.
resource "google_cloud_run_v2_service_iam_binding" "serving_invokers" {
  name     = google_cloud_run_v2_service.serving.name
  location = google_cloud_run_v2_service.serving.location
  role     = "roles/run.invoker"
  members  = [google_service_account.function.member]
}

# Events: Cloud Storage announces the upload on Eventarc's topic, and the trigger's account calls the function.

resource "google_project_iam_member" "storage_agent_publishes" {
  project = var.project # the topic is Eventarc's, created together with the trigger
  role    = "roles/pubsub.publisher"
  member  = local.storage_agent
}

resource "google_project_iam_member" "trigger_receives" {
  project = var.project # is only ever asked for on the project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.trigger.member
}

resource "google_cloud_run_v2_service_iam_binding" "function_invokers" {
  name     = google_cloudfunctions2_function.reader.name # the service behind a function has the function's name
  location = google_cloudfunctions2_function.reader.location
  role     = "roles/run.invoker"
  members  = [google_service_account.trigger.member]
}

# The application uploads, and takes results; it may not read, overwrite or delete sheets.

resource "google_storage_bucket_iam_member" "app_uploads" {
  bucket = google_storage_bucket.sheets.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.app.member
}

resource "google_pubsub_subscription_iam_member" "app_subscribes" {
  subscription = google_pubsub_subscription.app.id
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.app.member
}

# Pub/Sub's agent moves what cannot be delivered: it publishes there, and acknowledges here.

resource "google_pubsub_topic_iam_member" "dead_letters" {
  for_each = {
    results = google_pubsub_topic.results_dead.id
    uploads = google_pubsub_topic.uploads_dead.id
  }

  topic  = each.value
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  subscription = google_pubsub_subscription.app.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# Building the function's image from its sources.

resource "google_storage_bucket_iam_member" "build_reads_sources" {
  bucket = google_storage_bucket.sources.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build_pushes" {
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

resource "google_project_iam_member" "build_logs" {
  project = var.project # logs have no narrower place
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

# Cloud Functions hands the sources over through a bucket of its own, which exists from the first deployment on.
resource "google_project_iam_member" "build_reads_handover" {
  project = var.project
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title      = "handover bucket only"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-${var.region}\")"
  }
}
