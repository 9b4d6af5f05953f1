#include "plugins/registry.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "base/diagnostic.hpp"
#include "base/log.hpp"
#include "candidate.hpp"
#include "instance.hpp"
#include "module.hpp"
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

/// What serves a type: of a file that is there now, or kept from the registry before.
struct Serving {
  std::shared_ptr<Module> module;
  std::string path;
  Trust trust = Trust::packaged;  ///< what its file was checked for
  bool kept = false;
};
using ServingTypes = std::map<std::string, Serving, std::less<>>;

/// What was good enough for the settings before may not be for these.
bool still_allowed(const std::string& type, const Serving& serving, const LoaderSettings& settings) {
  if (const auto policy = settings.policies.find(type); policy != settings.policies.end()) {
    if (!policy->second.enabled || policy->second.isolation != Isolation::in_process) return false;
  }
  if (settings.trust != Trust::any && settings.trust != serving.trust) return false;
  if (settings.trust != Trust::listed) return true;
  const auto* listed = policy_of(serving.module->note(), settings);
  return listed != nullptr &&
         std::find(listed->sha256.begin(), listed->sha256.end(), serving.module->sha256()) != listed->sha256.end();
}

}  // namespace

std::string_view to_string(TypeState state) {
  switch (state) {
    case TypeState::serving:
      return "serving";
    case TypeState::kept:
      return "kept";
    case TypeState::refused:
      break;
  }
  return "refused";
}

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
    bool restart_needed = false;
  };

  // Constant after construction.
  const LoaderSettings settings;
  Services& services;
  const RegistryOptions options;
  std::vector<std::string> looked;
  std::map<std::string, std::size_t, std::less<>> by_type;  ///< index into files
  ServingTypes before;

  std::mutex mutex;
  std::vector<File> files;  ///< guarded by mutex
  ServingTypes serving;     ///< guarded by mutex
  std::set<std::string, std::less<>> asked;  ///< guarded by mutex

  Impl(LoaderSettings its_settings, Services& its_services, RegistryOptions its_options)
      : settings(std::move(its_settings)), services(its_services), options(std::move(its_options)) {
    if (options.before != nullptr) before = options.before->impl_->what_serves();
    auto found = find_files(settings.dirs);
    looked = std::move(found.looked);
    for (const auto& path : found.files) {
      auto candidate = check_file(path, settings);
      if (options.hash_all && candidate.usable()) look_up(candidate);
      add(std::move(candidate.report));
    }
  }

  ServingTypes what_serves() {
    std::lock_guard lock(mutex);
    return serving;
  }

  /// What a process that tried it has found.
  void look_up(Candidate& candidate) {
    const auto& sha256 = candidate.sha256();
    const auto end = options.quarantine != nullptr ? options.quarantine->find(sha256) : std::nullopt;
    if (!end) return;
    candidate.report.state = FileState::refused;
    candidate.report.why = end->why;
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
    files.push_back({std::move(report), nullptr, false});
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
    return why_not_here(type);
  }

  /// Under the lock.
  std::string why_not_here(std::string_view type) {
    const std::string name(type);
    const auto policy = settings.policies.find(name);
    if (policy != settings.policies.end() && !policy->second.enabled) {
      return "plugin \"" + name + "\" is switched off: [plugins." + name + "] enabled = false" +
             (policy->second.place.empty() ? "" : " at " + policy->second.place);
    }
    if (const auto* file = refused_file(name)) return "plugin " + file->report.path + " " + file->report.why;
    std::vector<std::string> known;
    for (const auto& [served, index] : by_type) known.push_back(served);
    const auto guess = suggest(type, known);
    return "no plugin serves the type \"" + name + "\"" + (guess.empty() ? "" : " (did you mean \"" + guess + "\"?)") +
           "; looked in " + (looked.empty() ? "no folder, since plugin_dirs is empty" : join(looked, ", "));
  }

  /// The refused file that was to serve the type, or else the first that would. Under the lock.
  const File* refused_file(std::string_view type) {
    if (const auto chosen = by_type.find(type);
        chosen != by_type.end() && files[chosen->second].report.state == FileState::refused)
      return &files[chosen->second];
    for (const auto& file : files) {
      if (file.report.state != FileState::refused) continue;
      const auto* note = file.report.note ? &*file.report.note : nullptr;
      if (stem(file.report.path) == type ||
          (note != nullptr && std::find(note->types.begin(), note->types.end(), type) != note->types.end()))
        return &file;
    }
    return nullptr;
  }

  Result<std::shared_ptr<Module>> module_of(std::string_view type) {
    std::unique_lock lock(mutex);
    asked.emplace(type);
    if (const auto found = serving.find(type); found != serving.end()) return found->second.module;
    if (const auto index = by_type.find(type); index != by_type.end()) {
      auto& file = files[index->second];
      if (!file.module && file.report.state != FileState::refused) load(file, type);
      if (file.module)
        return serve(type, {.module = file.module, .path = file.report.path, .trust = settings.trust, .kept = false});
    }
    if (auto kept = to_keep(type)) return serve(type, std::move(*kept));
    return fail(why_not_here(type));
  }

  std::shared_ptr<Module> serve(std::string_view type, Serving what) {
    auto module = what.module;
    serving.insert_or_assign(std::string(type), std::move(what));
    return module;
  }

  std::optional<Serving> to_keep(std::string_view type) {
    const auto found = before.find(type);
    if (found == before.end() || !still_allowed(found->first, found->second, settings)) return std::nullopt;
    Serving kept = found->second;
    kept.kept = true;
    return kept;
  }

  /// Checks the file once more, and maps the very bytes that were checked: what the scan saw may be gone.
  void load(File& file, std::string_view type) {
    auto candidate = check_file(file.report.path, settings);
    auto why = candidate.usable() ? std::nullopt : std::optional(candidate.report.why);
    if (!why && candidate.report.note->types != file.report.note->types)
      why = "was replaced by one with other types since the folders were read";
    if (!why) why = load_bytes(file, candidate, type);
    file.report.sha256 = candidate.report.sha256;
    if (!why) {
      file.report.note = file.module->note();
      file.report.state = FileState::loaded;
      return;
    }
    file.report.state = FileState::refused;
    file.report.why = *why;
    log(LogLevel::info, "plugins", file.report.path + " " + file.report.why);
  }

  std::optional<std::string> load_bytes(File& file, Candidate& candidate, std::string_view type) {
    file.module = Module::of(candidate.sha256());
    if (file.module) return std::nullopt;
    const auto& note = *candidate.report.note;
    if (!Module::room_for(note.types)) {
      file.restart_needed = true;
      return "is new, and this process has mapped " + std::to_string(Module::most_builds) +
             " builds of its type already, none of which is ever unmapped (restart belay to use it)";
    }
    auto image = Image::of(candidate.bytes, note.id + "-" + short_hash(candidate.sha256()));
    if (!image) return image.error().message;
    if (auto why = try_out(candidate, *image, type)) return why;
    auto module = Module::load(candidate, std::move(*image));
    if (!module) return module.error().message;
    file.module = std::move(*module);
    return std::nullopt;
  }

  /// What a child finds, or what one has found before.
  std::optional<std::string> try_out(Candidate& candidate, const Image& image, std::string_view type) {
    const auto& path = candidate.report.path;
    if (auto known = options.quarantine != nullptr ? options.quarantine->find(candidate.sha256()) : std::nullopt;
        known && known->how == Tried::broke)
      return known->why + " (it is tried again when its bytes change)";
    if (!options.try_out) return std::nullopt;
    std::vector<Trial> trials;
    const auto& types = candidate.report.note->types;
    std::copy_if(options.trials.begin(), options.trials.end(), std::back_inserter(trials), [&](const Trial& trial) {
      return std::find(types.begin(), types.end(), trial.type) != types.end();
    });
    const TrialEnd end = options.try_out(image.descriptor(), path, trials);
    switch (end.how) {
      case Tried::good:
        if (options.quarantine != nullptr) options.quarantine->release(path);
        return std::nullopt;
      case Tried::unfinished:
        if (to_keep(type)) return end.why;
        log(LogLevel::warn, "plugins", path + " " + end.why + "; it is mapped untried");
        return std::nullopt;
      case Tried::refused:
      case Tried::broke:
        break;
    }
    if (options.quarantine != nullptr) options.quarantine->put(candidate.sha256(), path, end);
    return end.why;
  }

  TypeStatus status_of(const std::string& type) {
    TypeStatus out;
    out.type = type;
    if (const auto found = serving.find(type); found != serving.end()) {
      const auto& module = *found->second.module;
      out.state = found->second.kept ? TypeState::kept : TypeState::serving;
      out.id = module.note().id;
      out.version = module.note().version;
      out.sha256 = module.sha256();
      out.path = found->second.path;
      if (!found->second.kept) return out;
    } else {
      out.state = TypeState::refused;
    }
    const auto* file = refused_file(type);
    out.restart_needed = file != nullptr && file->restart_needed;
    out.why = file != nullptr                    ? file->report.path + " " + file->report.why
              : out.state == TypeState::refused ? why_not_here(type)
                                                : out.path + " is gone";
    return out;
  }
};

Registry::Registry(LoaderSettings settings, Services& services, RegistryOptions options)
    : impl_(std::make_shared<Impl>(std::move(settings), services, std::move(options))) {}
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

std::vector<TypeStatus> Registry::types() const {
  std::lock_guard lock(impl_->mutex);
  std::vector<TypeStatus> out;
  for (const auto& type : impl_->asked) out.push_back(impl_->status_of(type));
  return out;
}

std::uint64_t Registry::build_of(std::string_view type) const {
  std::lock_guard lock(impl_->mutex);
  const auto found = impl_->serving.find(type);
  return found == impl_->serving.end() ? 0 : std::stoull(found->second.module->sha256().substr(0, 16), nullptr, 16);
}

std::optional<NoteFacts> Registry::note_of(std::string_view type) const {
  std::lock_guard lock(impl_->mutex);
  if (const auto found = impl_->serving.find(type); found != impl_->serving.end()) return found->second.module->note();
  const auto index = impl_->by_type.find(type);
  if (index == impl_->by_type.end()) return std::nullopt;
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
  return make_instance(std::move(*module), provider, config, impl_->services);
}

}  // namespace belay::plugins
