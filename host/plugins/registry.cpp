#include "plugins/registry.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/diagnostic.hpp"
#include "base/log.hpp"
#include "candidate.hpp"
#include "instance.hpp"
#include "module.hpp"
#include "schema.hpp"
#include "search.hpp"

namespace belay::plugins {
namespace {

std::string join(const std::vector<std::string>& parts, const char* between) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : between) + part;
  return out;
}

std::string stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

/// A file goes by the name of one of its types, so that a folder can be read by people and a second copy can't hide
/// under another name.
std::optional<std::string> name_refusal(const FileReport& report) {
  const auto& types = report.note->types;
  if (std::find(types.begin(), types.end(), stem(report.path)) != types.end()) return std::nullopt;
  return "is named \"" + stem(report.path) + ".so\", but serves the type" + (types.size() == 1 ? " \"" : "s \"") +
         join(types, "\", \"") + "\" (name it " + types.front() + ".so)";
}

std::optional<std::string> isolation_refusal(const FileReport& report, const LoaderSettings& settings) {
  for (const auto& type : report.note->types) {
    const auto policy = settings.policies.find(type);
    if (policy == settings.policies.end() || policy->second.isolation == Isolation::in_process) continue;
    return "can't be run as configured: [plugins." + type +
           "] isolation = \"process\" is not something that this build can do (right would be \"in-process\")" +
           (policy->second.place.empty() ? "" : " at " + policy->second.place);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(FileState state) {
  switch (state) {
    case FileState::usable:
      return "usable";
    case FileState::loaded:
      return "loaded";
    case FileState::disabled:
      return "disabled";
    case FileState::shadowed:
      return "shadowed";
    case FileState::refused:
      break;
  }
  return "refused";
}

struct Registry::Impl {
  struct File {
    FileReport report;
    std::shared_ptr<Module> module;  ///< once loaded
  };

  // Constant after construction.
  const LoaderSettings settings;
  Services& services;
  std::vector<std::string> looked;
  std::map<std::string, std::size_t, std::less<>> by_type;  ///< index into files

  std::mutex mutex;
  std::vector<File> files;  ///< guarded by mutex

  Impl(LoaderSettings its_settings, Services& its_services)
      : settings(std::move(its_settings)), services(its_services) {
    auto found = find_files(settings.dirs);
    looked = std::move(found.looked);
    for (const auto& path : found.files) add(check_file(path, settings).report);
  }

  void add(FileReport report) {
    if (report.state == FileState::usable) {
      auto why = name_refusal(report);
      if (!why) why = isolation_refusal(report, settings);
      if (why) {
        report.state = FileState::refused;
        report.why = *why;
      }
    }
    if (report.state == FileState::usable) choose(report);
    if (report.state == FileState::refused) log(LogLevel::info, "plugins", report.path + " " + report.why);
    files.push_back({std::move(report), nullptr});
  }

  /// Which of the file's types it serves: those that are enabled and not taken.
  void choose(FileReport& report) {
    std::vector<std::string> serves, notes;
    bool taken = false;
    for (const auto& type : report.note->types) {
      const auto policy = settings.policies.find(type);
      if (policy != settings.policies.end() && !policy->second.enabled) {
        notes.push_back("[plugins." + type + "] enabled = false");
      } else if (const auto first = by_type.find(type); first != by_type.end()) {
        notes.push_back("\"" + type + "\" is served by " + files[first->second].report.path);
        taken = true;
      } else {
        serves.push_back(type);
      }
    }
    report.why = join(notes, "; ");
    if (serves.empty()) report.state = taken ? FileState::shadowed : FileState::disabled;
    for (const auto& type : serves) by_type.emplace(type, files.size());
  }

  std::string why_not(std::string_view type) {
    std::lock_guard lock(mutex);
    const std::string name(type);
    const auto policy = settings.policies.find(name);
    if (policy != settings.policies.end() && !policy->second.enabled) {
      return "plugin \"" + name + "\" is switched off: [plugins." + name + "] enabled = false" +
             (policy->second.place.empty() ? "" : " at " + policy->second.place);
    }
    for (const auto& file : files) {
      const bool meant = stem(file.report.path) == name ||
                         (file.report.note && std::find(file.report.note->types.begin(), file.report.note->types.end(),
                                                        name) != file.report.note->types.end());
      if (file.report.state == FileState::refused && meant) return "plugin " + file.report.path + " " + file.report.why;
    }
    std::vector<std::string> known;
    for (const auto& [served, index] : by_type) known.push_back(served);
    const auto guess = suggest(type, known);
    return "no plugin serves the type \"" + name + "\"" + (guess.empty() ? "" : " (did you mean \"" + guess + "\"?)") +
           "; looked in " + (looked.empty() ? "no folder, since plugin_dirs is empty" : join(looked, ", "));
  }

  Result<std::shared_ptr<Module>> module_of(std::string_view type) {
    const auto index = by_type.find(type);
    if (index == by_type.end()) return fail(why_not(type));
    std::unique_lock lock(mutex);
    auto& file = files[index->second];
    if (file.module) return file.module;
    if (file.report.state != FileState::refused) load(file);
    if (file.module) return file.module;
    return fail("plugin " + file.report.path + " " + file.report.why);
  }

  /// Checks the file once more, through the descriptor that is then mapped: what the scan saw may be gone.
  void load(File& file) {
    auto candidate = check_file(file.report.path, settings);
    if (candidate.image && candidate.report.note->types != file.report.note->types) {
      candidate.report.why = "was replaced by one with other types since the folders were read";
      candidate.image.reset();
    }
    if (candidate.image) {
      auto module = Module::load(*candidate.image, *candidate.report.note);
      if (module) {
        file.module = std::move(*module);
        file.report.note = file.module->note();
        file.report.state = FileState::loaded;
        return;
      }
      candidate.report.why = module.error().message;
    }
    file.report.state = FileState::refused;
    file.report.why = candidate.report.why;
    log(LogLevel::info, "plugins", file.report.path + " " + file.report.why);
  }
};

Registry::Registry(LoaderSettings settings, Services& services)
    : impl_(std::make_shared<Impl>(std::move(settings), services)) {}
Registry::~Registry() = default;

std::vector<FileReport> Registry::files() const {
  std::lock_guard lock(impl_->mutex);
  std::vector<FileReport> reports;
  for (const auto& file : impl_->files) {
    reports.push_back(file.report);
    if (file.module && file.module->latch().latched()) reports.back().why = file.module->latch().sentence();
  }
  return reports;
}

std::optional<NoteFacts> Registry::note_of(std::string_view type) const {
  const auto index = impl_->by_type.find(type);
  if (index == impl_->by_type.end()) return std::nullopt;
  std::lock_guard lock(impl_->mutex);
  const auto& report = impl_->files[index->second].report;
  return report.state == FileState::refused ? std::nullopt : report.note;
}

std::string Registry::why_not(std::string_view type) const { return impl_->why_not(type); }

Result<const Descriptor*> Registry::descriptor(std::string_view type) {
  const auto module = impl_->module_of(type);
  if (!module) return module.error();
  return &(*module)->provider(type)->descriptor;
}

Result<std::unique_ptr<Instance>> Registry::make(std::string_view type, const InstanceConfig& config) {
  auto module = impl_->module_of(type);
  if (!module) return fail("provider." + config.name + ": " + module.error().message);
  const Provider& provider = *(*module)->provider(type);
  InstanceConfig known = config;
  if (known.options.empty()) known.options = "{}";
  if (auto checked = check_options(provider.descriptor.config_schema, known.options, known.name); !checked)
    return checked.error();
  auto live = LiveInstance::create(std::move(*module), provider, known, impl_->services);
  if (!live) return live.error();
  return checked_instance(std::move(*live));
}

}  // namespace belay::plugins
