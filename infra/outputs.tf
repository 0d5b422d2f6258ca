# For the PHP application

output "bucket" {
  description = "Bucket that sheets are uploaded to."
  value       = google_storage_bucket.sheets.name
}

output "upload_prefix" {
  description = "What the uploaded objects' names have to begin with; empty for anything."
  value       = var.upload_prefix
}

output "subscription" {
  description = "Full name of the subscription that results are pulled from."
  value       = google_pubsub_subscription.app.id
}

output "app_service_account" {
  description = "Account that the application uploads and pulls as."
  value       = google_service_account.app.email
}

# For whoever operates it

output "topic" {
  description = "Full name of the topic that results are published on."
  value       = google_pubsub_topic.results.id
}

output "dead_letter_subscriptions" {
  description = "Where to look for results, and for uploads, that could not be delivered."
  value       = [google_pubsub_subscription.results_dead.name, google_pubsub_subscription.uploads_dead.name]
}

output "serving_url" {
  description = "URL of the serving service; also the audience of the ID tokens that it accepts."
  value       = google_cloud_run_v2_service.serving.uri
}

output "dead_letter_command" {
  description = "Points the trigger's own subscription at its dead-letter topic: run once, after the first apply."
  value       = <<-EOT
    set -eu
    subscription=$(gcloud eventarc triggers describe ${basename(google_cloudfunctions2_function.reader.event_trigger[0].trigger)} --location=${var.region} --project=${var.project} --format='value(transport.pubsub.subscription)')
    gcloud pubsub subscriptions update "$subscription" --dead-letter-topic=${google_pubsub_topic.uploads_dead.id} --max-delivery-attempts=100
    gcloud pubsub subscriptions add-iam-policy-binding "$subscription" --member=${local.pubsub_agent} --role=roles/pubsub.subscriber
  EOT
}

output "release_command" {
  description = "Releases what is checked out: run it from the repository's root."
  value       = <<-EOT
    gcloud builds submit --project=${var.project} --region=${var.region} --config=cloudbuild.yaml \
      --gcs-source-staging-dir=gs://${google_storage_bucket.sources.name}/builds \
      --substitutions=${join(",", [for name, value in local.release_substitutions : "${name}=${value}"])}
  EOT
}

locals {
  release_substitutions = {
    _BUCKET          = google_storage_bucket.sheets.name
    _CHECK_PREFIX    = local.release_check_prefix
    _CHECK_RESULTS   = google_pubsub_subscription.release_check.id
    _BUILD_ACCOUNT   = google_service_account.build.id
    _FUNCTION        = google_cloudfunctions2_function.reader.name
    _FUNCTION_CALLER = google_service_account.function.email
    _IMAGE           = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}/serving"
    _RELEASE_ACCOUNT = google_service_account.release.id
    _SAMPLE_NUMBER   = var.release_sample_number
    _SERVICE         = google_cloud_run_v2_service.serving.name
    _SERVICE_REGION  = var.region
    _SERVICE_URL     = google_cloud_run_v2_service.serving.uri
    _SOURCES         = google_storage_bucket.sources.name
  }
}
